"""Mends typing errors for an encoder, which unlike the fuzzy heads is blind to them.

A word that no example has is taken for the example word of which it is most likely a misspelling:
Norvig's noisy channel, with the words of the examples as dictionary and the encoder's own idea of
how usual a word is as language model. So "sailing" does not become "mailing" because no example
sails, while "thg" becomes "the".
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.matching.normal import UNSPACED

COST_OF_AN_EDIT = 6.0
"""So much likelier, as a logarithm, must a word be for each letter that is changed for it."""

SHORTEST, SHORTEST_FOR_TWO = 3, 8
"""Letters of a word that may have one wrong letter, and of one that may have two."""

MOST_COMPARED = 8
"""Words of the dictionary, the nearest ones, whose usualness is asked."""

_WORD = re.compile(rf"[^\W\d_{UNSPACED}]+")


class Speller:
    """The dictionary of one language; immutable."""

    def __init__(self, examples: Iterable[str], usual: Callable[[str], float]) -> None:
        """`usual` gives the natural logarithm of how probable a word is."""
        self._words = tuple(
            dict.fromkeys(word for text in examples for word in _WORD.findall(text.lower()))
        )
        self._known = frozenset(self._words)
        self._usual = usual

    def mend(self, text: str) -> str:
        """A text with its unknown words mended where one of the dictionary is likelier."""
        return _WORD.sub(self._mended, text)

    def _mended(self, found: re.Match[str]) -> str:
        word = found[0].lower()
        inside = unicodedata.category(found.string[found.end() : found.end() + 1] or " ")[0] == "M"
        if word in self._known or len(word) < SHORTEST or inside:
            return found[0]
        near = process.extract(
            word,
            self._words,
            scorer=OSA.distance,
            score_cutoff=1 if len(word) < SHORTEST_FOR_TWO else 2,
            limit=MOST_COMPARED,
        )
        if not near:
            return found[0]
        likelihood, best = max(
            (self._usual(other) - COST_OF_AN_EDIT * edits, other) for other, edits, _ in near
        )
        return best if likelihood > self._usual(word) else found[0]
