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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from bot.core.matching.features import (
    Integers,
    Vector,
    count_features,
    inverse_document_frequency,
    weigh,
)

BLOCK = 4096
"""Features that are looked at together while a model is built."""

ROWS = 256
"""Examples that are compared with all others together."""

Matrix = NDArray[np.float32]

RIDGE_OF_NGRAMS, RIDGE_OF_FUZZY = 0.4, 0.2
"""Measured best of 0.1 to 0.5 on public sets; 1 costs a point, 3 much more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One way of asking: as written, in normal form, and the intent that it means."""

    text: str
    normal: str
    intent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Intents for each head, and head B's similarity to each example."""

    ngrams: Matrix
    fuzzy: Matrix
    similarity: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a fit found: all that a model needs besides its examples, as plain arrays.

    `features` and `weights` name and weigh the rows of `primal` (features x intents); the last
    weight is that of a feature never seen. `dual` is head B's alpha (examples x intents).
    """

    features: tuple[str, ...]
    weights: Vector
    primal: NDArray[np.float16]
    dual: Matrix


def fit(examples: Sequence[Example]) -> Learned:
    """Fit both heads: one to three seconds for 2,500 examples."""
    strings = [example.normal for example in examples]
    targets = _targets(examples)
    names, weights = inverse_document_frequency(map(count_features, strings))
    entries = _entries(strings, names, weights)
    shape = (len(strings), len(names))
    alpha = ridge(_ngram_kernel(entries, shape), targets, RIDGE_OF_NGRAMS)
    primal = np.empty((shape[1], targets.shape[1]), np.float16)
    for first, block in _blocks(entries, shape):
        primal[first : first + block.shape[1]] = block.T @ alpha
    return Learned(
        features=tuple(names),
        weights=weights,
        primal=primal,
        dual=ridge(_fuzzy_kernel(strings), targets, RIDGE_OF_FUZZY),
    )


def leave_one_out(examples: Sequence[Example]) -> Matrix:
    """How each example would be scored if it were not there: examples x intents, both heads.

    In closed form, from the inverse of each kernel. Twice as long as a fit.
    """
    strings = [example.normal for example in examples]
    targets = _targets(examples)
    names, weights = inverse_document_frequency(map(count_features, strings))
    shape = (len(strings), len(names))
    ngrams = _ngram_kernel(_entries(strings, names, weights), shape)
    both = np.zeros_like(targets)
    for kernel, penalty in ((ngrams, RIDGE_OF_NGRAMS), (_fuzzy_kernel(strings), RIDGE_OF_FUZZY)):
        kernel[np.diag_indices_from(kernel)] += _enough(kernel, penalty)
        inverse = np.linalg.inv(kernel)
        both += targets - (inverse @ targets) / inverse.diagonal()[:, None]
    return np.asarray(both / 2, np.float32)


def _targets(examples: Sequence[Example]) -> Matrix:
    """Examples x intents: 1 where an example means an intent."""
    column = {intent: index for index, intent in enumerate(intents_of(examples))}
    targets = np.zeros((len(examples), len(column)), np.float32)
    targets[np.arange(len(examples)), [column[example.intent] for example in examples]] = 1
    return targets


def intents_of(examples: Sequence[Example]) -> list[str]:
    """The intents of examples, in the order of the columns."""
    return sorted({example.intent for example in examples})


class Model:
    """What one language has learned from its examples; immutable."""

    def __init__(self, examples: Sequence[Example], learned: Learned) -> None:
        self.examples = tuple(examples)
        self.intents = intents_of(examples)
        self._rows = {
            intent: np.array([row for row, one in enumerate(examples) if one.intent == intent])
            for intent in self.intents
        }
        self._strings = _Strings.of([example.normal for example in examples])
        self._ids = {name: row for row, name in enumerate(learned.features)}
        self._weights = learned.weights
        self._primal = learned.primal
        self._dual = learned.dual

    def score(self, whole: str, sentences: Sequence[str]) -> Scores:
        """Score every intent for a normalised message; 0 is "not at all", about 1 "an example".

        Head A takes the whole and the mean of its sentences, half and half: the best sentence
        alone is 6 points worse in first place, because a story's side remarks are questions too.
        Head B takes the whole; the sentences too would gain half a point for a third of the time.
        """
        similarity = _similarity(_Strings.of([whole]), self._strings)[0]
        ngrams = self._ngrams(whole)
        if sentences:
            parts = np.stack([self._ngrams(sentence) for sentence in sentences])
            ngrams = (ngrams + parts.mean(axis=0, dtype=np.float32)) / 2
        return Scores(ngrams=ngrams, fuzzy=similarity @ self._dual, similarity=similarity)

    def _ngrams(self, query: str) -> Matrix:
        rows, values = weigh(count_features(query), self._ids, self._weights)
        return values @ self._primal[rows].astype(np.float32)

    def knows_a_word_of(self, query: str) -> bool:
        """Whether an example has a word of a query, or two letters of an unspaced script."""
        return any(
            name in self._ids
            for name in count_features(query)
            if name[0] == "w" or (name[0] == "u" and len(name) > 2)
        )

    def nearest(self, similarity: Matrix, intent: str) -> str:
        """The example of an intent that is most like a query, by head B."""
        rows = self._rows[intent]
        return self.examples[int(rows[np.argmax(similarity[rows])])].text


Entries = tuple[Integers, Integers, Matrix]


def _entries(strings: Sequence[str], names: Sequence[str], weights: Vector) -> Entries:
    """The examples x features matrix as (columns, rows, values), in order of columns."""
    ids = {name: row for row, name in enumerate(names)}
    found = [weigh(count_features(string), ids, weights) for string in strings]
    columns = np.concatenate([known for known, _ in found])
    rows = np.repeat(np.arange(len(found), dtype=np.int32), [len(known) for known, _ in found])
    order = np.argsort(columns, kind="stable")
    return columns[order], rows[order], np.concatenate([values for _, values in found])[order]


def _blocks(entries: Entries, shape: tuple[int, int]) -> Iterator[tuple[int, Matrix]]:
    """The matrix in blocks of columns, each with the number of its first column.

    As a whole it would take hundreds of megabytes for a moment.
    """
    columns, rows, values = entries
    for first in range(0, shape[1], BLOCK):
        width = min(BLOCK, shape[1] - first)
        here = slice(*np.searchsorted(columns, (first, first + width)))
        block = np.zeros((shape[0], width), np.float32)
        block[rows[here], columns[here] - first] = values[here]
        yield first, block


def _ngram_kernel(entries: Entries, shape: tuple[int, int]) -> Matrix:
    """Head A's kernel: examples x examples; an example is like itself also by what is left out."""
    gram = np.zeros((shape[0], shape[0]), np.float32)
    for _, block in _blocks(entries, shape):
        gram += block @ block.T
    gram[np.diag_indices_from(gram)] = 1
    return gram


def _fuzzy_kernel(strings: Sequence[str]) -> Matrix:
    """Head B's kernel: examples x examples."""
    everything = _Strings.of(strings)
    kernel = np.empty((len(strings), len(strings)), np.float32)
    for first in range(0, len(strings), ROWS):
        rows = slice(first, first + ROWS)
        kernel[rows] = _similarity(_Strings.of(strings[rows]), everything)
    return kernel


@dataclass(frozen=True, slots=True)
class _Strings:
    """Strings, their words in order of the alphabet, and the rows where that makes a difference."""

    plain: Sequence[str]
    ordered: Sequence[str]
    different: Sequence[int]

    @classmethod
    def of(cls, plain: Sequence[str]) -> "_Strings":
        ordered = [" ".join(sorted(string.split())) for string in plain]
        different = [row for row, string in enumerate(ordered) if string != plain[row]]
        return cls(plain, ordered, different)


def _similarity(some: _Strings, others: _Strings) -> Matrix:
    """Head B's kernel: some x others, between 0 and 1.

    Where the order of the words makes no difference on either side (most Japanese and Chinese
    sentences are one run), the second comparison is spared.
    """
    plain = _ratios(some.plain, others.plain)
    if some.different:
        ordered = _ratios(some.ordered, others.ordered)
    else:
        ordered = plain.copy()
        rows = others.different
        ordered[:, rows] = _ratios(some.ordered, [others.ordered[row] for row in rows])
    return np.asarray(((plain + ordered) / 2) ** 3, np.float32)


def _ratios(some: Sequence[str], others: Sequence[str]) -> Matrix:
    return process.cdist(
        some,
        others,
        scorer=Indel.normalized_similarity,
        dtype=np.float32,
        workers=-1 if len(some) > 1 else 1,
    )


def ridge(kernel: Matrix, targets: Matrix, penalty: float) -> Matrix:
    """The dual weights of ridge regression on a kernel, whose diagonal is raised for it."""
    kernel[np.diag_indices_from(kernel)] += _enough(kernel, penalty)
    return np.asarray(np.linalg.solve(kernel, targets), np.float32)


def _enough(kernel: Matrix, penalty: float) -> float:
    """The penalty, raised until no eigenvalue of the penalised kernel is below half of it.

    Likeness by rapidfuzz is not quite positive definite: at 6,000 examples an eigenvalue of -0.3
    met a penalty of 0.2, and the head was right in 5 % instead of 83.
    """
    raised = kernel.copy()
    enough = penalty
    while True:
        raised[np.diag_indices_from(raised)] += penalty / 2
        try:
            np.linalg.cholesky(raised)
        except np.linalg.LinAlgError:
            enough += penalty / 2
        else:
            return enough
