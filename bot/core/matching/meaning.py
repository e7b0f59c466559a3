"""Head C: what a message means, whatever words and language it is written in.

A sentence encoder turns texts into unit vectors; what means the same lies near, in all languages
that the encoder knows. Kernel ridge regression from the vectors of all examples, of all languages
in one space, to the intents; the mean of the examples is taken away first, since every text of an
encoder lies in one narrow cone. It is blind to spelling, so the fuzzy heads keep their place for
typing errors and for names.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.core.matching.model import Matrix, ridge


class Encoder(Protocol):
    """Gives vectors of unit length: texts x dimensions. Safe to call from several threads."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Encode texts; the same text always gives the same vector."""


REPETITIVE_FROM, FEWEST_CHARACTERS, REPETITION_KEPT = 60, 12, 20
"""Characters of a text that has so few different ones, and how many of them are encoded."""

_END = " \n?!.。！？…~～"
"""What is left out behind a text: some write it, some do not, and it moves the vector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """An encoder and how to learn in its space.

    The kernel is exp(bend * (cosine - 1)): the less `bend`, the more even the likeness of all
    examples. `usual` tells how usual a word is, as a logarithm, if the encoder knows: then typing
    errors are mended for it. `languages` are those of the messages that it knows, None for every
    language; `learns_from` those of the examples, None for all. Of a message the last `longest`
    characters are encoded, since time grows with length.
    """

    name: str
    encoder: Encoder
    bend: float
    ridge: float
    usual: Callable[[str], float] | None = None
    longest: int = 400
    languages: frozenset[str] | None = None
    learns_from: frozenset[str] | None = None

    def kernel(self, cosines: Matrix) -> Matrix:
        """Likeness from cosines; positive definite for any bend above 0."""
        return np.asarray(np.exp(self.bend * (cosines - 1)), np.float32)

    def read(self, text: str) -> str:
        """What of a text is encoded: its end without punctuation, shouting and lone surrogates.

        Cut twice, since NFKC may make it longer; and a third time if it only repeats itself, since
        encoders take longest for what nobody writes.
        """
        plain = unicodedata.normalize("NFKC", text[-self.longest :])[-self.longest :]
        if len(plain) > REPETITIVE_FROM and len(set(plain)) < FEWEST_CHARACTERS:
            plain = plain[-REPETITION_KEPT:]
        if plain.isupper():
            plain = plain.lower()
        return plain.rstrip(_END).encode("utf-8", "replace").decode() or " "


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedMeaning:
    """What a fit found: the examples' raw vectors and alpha (examples x intents)."""

    vectors: Matrix
    dual: Matrix


def fit_meaning(space: Space, vectors: Matrix, intents: Sequence[str]) -> LearnedMeaning:
    """Fit the head. Some seconds and, for a moment, 400 MB for 7,000 examples."""
    column = {intent: index for index, intent in enumerate(sorted(set(intents)))}
    targets = np.zeros((len(intents), len(column)), np.float32)
    targets[np.arange(len(intents)), [column[intent] for intent in intents]] = 1
    points = _centred(vectors, vectors.mean(axis=0))
    kernel = space.kernel(points @ points.T)
    return LearnedMeaning(vectors=vectors, dual=ridge(kernel, targets, space.ridge))


class Meaning:
    """What was learned in one space; immutable."""

    def __init__(
        self, space: Space, texts: Sequence[str], intents: Sequence[str], learned: LearnedMeaning
    ) -> None:
        self.space = space
        self.intents = sorted(set(intents))
        self._texts = tuple(texts)
        self._column_of = np.array([self.intents.index(intent) for intent in intents])
        self._centre = learned.vectors.mean(axis=0)
        self._points = _centred(learned.vectors, self._centre)
        self._dual = learned.dual

    def likeness(self, text: str) -> Matrix:
        """How like a message is to each example, in the kernel of the space."""
        vector = self.space.encoder.embed([self.space.read(text)])
        cosines = _centred(vector, self._centre) @ self._points.T
        return np.asarray(self.space.kernel(cosines)[0], np.float32)

    def score(self, likeness: Matrix) -> Matrix:
        """The score of each intent; about 1 for an example."""
        return np.asarray(likeness @ self._dual, np.float32)

    def nearest(self, likeness: Matrix, intent: str) -> str:
        """The example of an intent that means most nearly the same."""
        rows = np.flatnonzero(self._column_of == self.intents.index(intent))
        return self._texts[int(rows[np.argmax(likeness[rows])])]


def spaces_for(language: str | None, meanings: Sequence[Meaning]) -> list[Meaning]:
    """The meanings that know a language: those made for it first, then those for every one."""
    made_for = [one for one in meanings if language in (one.space.languages or ())]
    return made_for + [one for one in meanings if one.space.languages is None]


def _centred(vectors: Matrix, centre: Matrix) -> Matrix:
    moved = vectors - centre
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)
