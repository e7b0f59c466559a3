"""From a normalised text to weighted n-grams.

Families of features, each brought to length one by itself, then the whole:

* ``w`` words, ``b`` pairs of a word and one of the two before it, ``c`` 3- and 4-grams of
  characters within a word, for scripts with spaces (Hangul as jamo, so that a wrong vowel costs one
  letter and not a syllable);
* ``u`` 1- to 4-grams for runs of scripts without spaces.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.core.matching.normal import is_unspaced, runs

LONGEST_GRAM = 4
"""Characters."""

FEW = 2000
"""Documents."""

_HANGUL = re.compile("[\uac00-\ud7a3]")


def count_features(normal: str) -> Counter[str]:
    """How often each feature stands in a normalised text; the first letter is its family."""
    found: list[str] = []
    before: tuple[str, ...] = ("^",)
    for run in runs(normal):
        if is_unspaced(run):
            found += _grams("u", run, 1, LONGEST_GRAM)
            before = ("^",)
            continue
        word = "0" if run.isdigit() else run
        found += [f"b{other} {word}" for other in before]
        found += _word_grams(word)
        before = (before[-1], word)
    return Counter(found)


@lru_cache(maxsize=1024)
def _word_grams(word: str) -> tuple[str, ...]:
    letters = unicodedata.normalize("NFD", word) if _HANGUL.search(word) else word
    return (f"w{word}", *_grams("c", f" {letters} ", 3, LONGEST_GRAM))


def _grams(family: str, run: str, shortest: int, longest: int) -> list[str]:
    return [
        family + run[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(run) - size + 1)
    ]


def inverse_document_frequency(
    documents: Iterable[Counter[str]],
) -> tuple[dict[str, float], float]:
    """The weight of each feature by its rarity, and the weight of a feature never seen.

    Among many documents, pairs and long n-grams of a single one count as never seen: they are more
    than half of all, and measured worth nothing there beside the words that they are made of. Among
    few they are worth half a point.
    """
    total = 0
    seen: Counter[str] = Counter()
    for document in documents:
        total += 1
        seen.update(document.keys())
    weights = {
        name: math.log((1 + total) / (1 + count)) + 1
        for name, count in seen.items()
        if total <= FEW
        or count > 1
        or name[0] == "w"
        or (name[0] == "u" and len(name) <= LONGEST_GRAM)
    }
    return weights, unseen_weight(total)


def unseen_weight(total: int) -> float:
    """The weight of a feature that none of so many documents has."""
    return math.log(1 + total) + 1


def weigh(
    counts: Mapping[str, int], ids: Mapping[str, int], weights: Sequence[float], unseen: float
) -> tuple[list[int], list[float]]:
    """(ids, values) of the known features: tf-idf, of length one in each family and as a whole.

    Unknown features count in the length: a text full of them is less sure, as it should be.
    """
    rows: list[int] = []
    values: list[float] = []
    families: list[str] = []
    squares: dict[str, float] = {}
    for name, count in counts.items():
        family = name[0]
        row = ids.get(name)
        weight = unseen if row is None else weights[row]
        if count > 1:
            weight *= 1 + math.log(count)
        squares[family] = squares.get(family, 0.0) + weight * weight
        if row is not None:
            rows.append(row)
            values.append(weight)
            families.append(family)
    shares = {family: 1 / math.sqrt(len(squares) * total) for family, total in squares.items()}
    return rows, [value * shares[family] for value, family in zip(values, families, strict=True)]
