"""From a normalised text to weighted n-grams.

Families of features, each brought to length one by itself, then the whole:

* ``w`` words, ``b`` pairs of words, ``c`` 2- to 4-grams of characters within a word, for scripts
  with spaces (Hangul as jamo, so that a wrong vowel costs one letter and not a syllable);
* ``u`` 1- to 4-grams for runs of scripts without spaces.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from bot.core.matching.normal import is_unspaced, runs

_HANGUL = re.compile("[\uac00-\ud7a3]")

Vector = dict[str, float]


def count_features(normal: str) -> Counter[str]:
    """How often each feature stands in a normalised text; the first letter is its family."""
    found: list[str] = []
    previous = "^"
    for run in runs(normal):
        if is_unspaced(run):
            found += _grams("u", run, 1, 4)
            previous = "^"
            continue
        word = "0" if run.isdigit() else run
        found += (f"w{word}", f"b{previous} {word}")
        previous = word
        letters = unicodedata.normalize("NFD", word) if _HANGUL.search(word) else word
        found += _grams("c", f" {letters} ", 2, 4)
    return Counter(found)


def _grams(family: str, run: str, shortest: int, longest: int) -> list[str]:
    return [
        family + run[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(run) - size + 1)
    ]


def inverse_document_frequency(documents: Iterable[Counter[str]]) -> tuple[Vector, float]:
    """The weight of each feature by its rarity, and the weight of a feature never seen."""
    total = 0
    seen: Counter[str] = Counter()
    for document in documents:
        total += 1
        seen.update(document.keys())
    weights = {name: math.log((1 + total) / (1 + count)) + 1 for name, count in seen.items()}
    return weights, unseen_weight(total)


def unseen_weight(total: int) -> float:
    """The weight of a feature that none of so many documents has."""
    return math.log(1 + total) + 1


def weigh(counts: Mapping[str, int], weights: Vector, unseen: float) -> Vector:
    """The features with tf-idf weights, of length one in each family and as a whole.

    Unknown features count in the length: a text full of them is less sure, as it should be.
    """
    often = {
        name: weights.get(name, unseen) * (1 if count == 1 else 1 + math.log(count))
        for name, count in counts.items()
    }
    squares: defaultdict[str, float] = defaultdict(float)
    for name, weight in often.items():
        squares[name[0]] += weight * weight
    lengths = {family: math.sqrt(len(squares) * total) for family, total in squares.items()}
    return {name: weight / lengths[name[0]] for name, weight in often.items()}
