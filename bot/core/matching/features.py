"""From a normalised text to weighted n-grams.

Families of features, each brought to length one by itself, then the whole:

* ``w`` words, ``b`` pairs of a word and one of the two before it, ``c`` 3- and 4-grams of
  characters within a word, for scripts with spaces (Hangul as jamo, so that a wrong vowel costs one
  letter and not a syllable);
* ``u`` 1- to 4-grams for runs of scripts without spaces.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.core.matching.normal import is_unspaced, runs

Integers = NDArray[np.int32]
Vector = NDArray[np.float32]

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


def inverse_document_frequency(documents: Iterable[Counter[str]]) -> tuple[list[str], Vector]:
    """The features, and the weight of each by its rarity; last, that of a feature never seen.

    Among many documents, pairs and long n-grams of a single one count as never seen: they are more
    than half of all, and measured worth nothing there beside the words that they are made of. Among
    few they are worth half a point.
    """
    total = 0
    seen: Counter[str] = Counter()
    for document in documents:
        total += 1
        seen.update(document.keys())
    names = [
        name
        for name, count in seen.items()
        if total <= FEW
        or count > 1
        or name[0] == "w"
        or (name[0] == "u" and len(name) <= LONGEST_GRAM)
    ]
    counts = np.array([*(seen[name] for name in names), 0], np.float32)
    return names, np.log((1 + total) / (1 + counts)) + 1


def weigh(
    counts: Mapping[str, int], ids: Mapping[str, int], weights: Vector
) -> tuple[Integers, Vector]:
    """(ids, values) of the known features: tf-idf, of length one in each family and as a whole.

    `weights` has the weight of each id and, behind them, that of a feature never seen. Such
    features count in the length: a text full of them is less sure, as it should be.
    """
    size, unseen = len(counts), len(weights) - 1
    if not size:
        return np.empty(0, np.int32), np.empty(0, np.float32)
    rows = np.fromiter((ids.get(name, unseen) for name in counts), np.int32, size)
    times = np.fromiter(counts.values(), np.float32, size)
    families = np.frombuffer("".join(name[0] for name in counts).encode("ascii"), np.uint8)
    values = weights[rows] * (1 + np.log(times))
    squares = np.bincount(families, values * values)
    values /= np.sqrt(np.count_nonzero(squares) * squares)[families]
    known = rows < unseen
    return rows[known], values[known].astype(np.float32)
