"""Theory of operation: two ridge regressions from texts to intents, averaged.

Every example of a language is a row. Head A compares n-grams (`features`): the Gram matrix of
tf-idf vectors. Head B compares whole strings by rapidfuzz: ((ratio + ratio of the sorted
words) / 2) ** 3. For each head, alpha = inv(K + RIDGE * I) Y, with Y the one-hot intents; a
query is then scored by its similarity to all examples times alpha. Head A is kept primal
(features x intents), so that a query costs a gather of a few dozen rows; head B costs two passes
of rapidfuzz over the examples.

A trained head instead of "the best example wins" is what makes a single common word harmless:
words that all intents share cancel out. Two heads instead of one sum, because each alone is
wrong in its own way: n-grams know which words matter, rapidfuzz forgives typing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.core.matching.features import count_features, inverse_document_frequency, weigh
from bot.core.matching.normal import MOST_PIECES

Matrix = NDArray[np.float32]

RIDGE = 0.2
"""Measured best between 0.1 and 0.3 on public sets; 1 costs a point, 3 much more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One way of asking: as written, in normal form, and the intent that it means."""

    text: str
    normal: str
    intent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Queries x intents for each head, and head B's similarity, queries x examples."""

    ngrams: Matrix
    fuzzy: Matrix
    similarity: Matrix


class Model:
    """What one language has learned from its examples; immutable once built."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Fit both heads: about a second for 1,500 examples."""
        self.examples = tuple(examples)
        self.intents = tuple(sorted({example.intent for example in examples}))
        column = {intent: index for index, intent in enumerate(self.intents)}
        self._rows = {
            intent: np.array([row for row, one in enumerate(examples) if one.intent == intent])
            for intent in self.intents
        }
        self._strings = [example.normal for example in examples]
        self._sorted = [_sorted_words(string) for string in self._strings]
        targets = np.zeros((len(examples), len(self.intents)), np.float32)
        for row, example in enumerate(examples):
            targets[row, column[example.intent]] = 1
        self._fit_ngrams(targets)
        self._fit_fuzzy(targets)

    def _fit_ngrams(self, targets: Matrix) -> None:
        documents = [count_features(string) for string in self._strings]
        self._weights, self._unseen = inverse_document_frequency(documents)
        self._feature_ids = {name: index for index, name in enumerate(self._weights)}
        rows, columns, values = [], [], []
        for row, document in enumerate(documents):
            for name, value in weigh(document, self._weights, self._unseen).items():
                rows.append(row)
                columns.append(self._feature_ids[name])
                values.append(value)
        row_of = np.array(rows, np.int32)
        column_of = np.array(columns, np.int32)
        value_of = np.array(values, np.float32)
        alpha = _ridge(_gram(row_of, column_of, value_of, len(documents)), targets)
        order = np.argsort(column_of, kind="stable")
        starts = np.searchsorted(column_of[order], np.arange(len(self._weights)))
        products = value_of[order, None] * alpha[row_of[order]]
        self._primal: Matrix = (
            np.add.reduceat(products, starts, axis=0) if len(products) else products
        )

    def _fit_fuzzy(self, targets: Matrix) -> None:
        similarity = _similarity(self._strings, self._sorted, self._strings, self._sorted)
        self._dual = _ridge(similarity, targets)

    def score(self, queries: Sequence[str]) -> Scores:
        """Score every intent for normalised queries; 0 is "not at all", about 1 "an example"."""
        similarity = _similarity(
            queries, [_sorted_words(query) for query in queries], self._strings, self._sorted
        )
        ngrams = np.stack([self._ngrams(query) for query in queries])
        return Scores(ngrams=ngrams, fuzzy=similarity @ self._dual, similarity=similarity)

    def _ngrams(self, query: str) -> Matrix:
        vector = weigh(count_features(query), self._weights, self._unseen)
        known = [
            (self._feature_ids[name], value)
            for name, value in vector.items()
            if name in self._feature_ids
        ]
        if not known:
            return np.zeros(len(self.intents), np.float32)
        ids, values = zip(*known, strict=True)
        return np.array(values, np.float32) @ self._primal[list(ids)]

    def nearest(self, similarity: Matrix, intent: str) -> str:
        """The example of an intent that is most like a query, by head B."""
        rows = self._rows[intent]
        return self.examples[int(rows[np.argmax(similarity[rows])])].text


def _sorted_words(normal: str) -> str:
    return " ".join(sorted(normal.split()))


def _similarity(
    strings: Sequence[str],
    sorted_strings: Sequence[str],
    others: Sequence[str],
    sorted_others: Sequence[str],
) -> Matrix:
    """Head B's kernel: strings x others, between 0 and 1."""
    workers = -1 if len(strings) > MOST_PIECES + 1 else 1
    plain = process.cdist(
        strings, others, scorer=Indel.normalized_similarity, dtype=np.float32, workers=workers
    )
    ordered = process.cdist(
        sorted_strings,
        sorted_others,
        scorer=Indel.normalized_similarity,
        dtype=np.float32,
        workers=workers,
    )
    return np.asarray(((plain + ordered) / 2) ** 3, np.float32)


def _gram(
    row_of: NDArray[np.int32], column_of: NDArray[np.int32], value_of: Matrix, count: int
) -> Matrix:
    """Similarities of all examples; features of one example only touch the diagonal, which is 1."""
    frequency = np.bincount(column_of)
    shared = np.flatnonzero(frequency > 1)
    place = np.full(len(frequency), -1, np.int32)
    place[shared] = np.arange(len(shared))
    kept = place[column_of] >= 0
    dense = np.zeros((count, len(shared)), np.float32)
    dense[row_of[kept], place[column_of[kept]]] = value_of[kept]
    gram: Matrix = dense @ dense.T
    np.fill_diagonal(gram, 1)
    return gram


def _ridge(kernel: Matrix, targets: Matrix) -> Matrix:
    """The dual weights of ridge regression on a kernel."""
    kernel[np.diag_indices_from(kernel)] += RIDGE
    return np.asarray(np.linalg.solve(kernel, targets), np.float32)
