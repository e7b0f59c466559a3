"""Which language a message is written in, as far as that is clear from the message itself."""

import re
from collections.abc import Mapping

from bot.core.matching.normal import normalise, runs
from bot.core.shapes import Words

_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3\u1100-\u11ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "my": re.compile("[\u1000-\u109f]"),
    "ne": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
}
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[a-z]")

FEWEST_WORDS = 2
"""So many very common words of a language make it clear; a single one may be a borrowed word."""


class LanguageDetector:
    """Knows the common words and the own letters of each language."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._words = {
            language: frozenset(map(normalise, known.language_marks.words))
            for language, known in words.items()
            if known.language_marks.words
        }
        self._letters = {
            language: frozenset(known.language_marks.letters)
            for language, known in words.items()
            if known.language_marks.letters
        }

    def detect(self, text: str) -> str | None:
        """The language of a message, or None if not clear (a name, a number, shared han).

        Two very common words decide, whatever Japanese terms stand beside them. Else scripts are
        weighed by characters.
        """
        lowered = text.casefold()
        latin = len(_LATIN.findall(lowered))
        han = len(_HAN.findall(lowered))
        words_say = self._of_words(lowered) if latin else None
        if words_say is not None:
            return words_say
        counted = {tag: len(script.findall(lowered)) for tag, script in _SCRIPTS.items()}
        language, characters = max(counted.items(), key=lambda item: item[1])
        if characters and (characters + han) * 3 >= latin:
            return language
        if han and han * 3 >= latin:
            return _clear_best(
                {
                    tag: sum(letter in letters for letter in text)
                    for tag, letters in self._letters.items()
                }
            )
        return None

    def _of_words(self, text: str) -> str | None:
        spoken = runs(normalise(text))
        hits = {tag: sum(word in known for word in spoken) for tag, known in self._words.items()}
        best = _clear_best(hits)
        if best is None or hits[best] < min(FEWEST_WORDS, len(spoken)):
            return None
        return best


def _clear_best(hits: Mapping[str, int]) -> str | None:
    """The language with the most hits, if there are any and no other has as many."""
    most = max(hits.values(), default=0)
    best = [tag for tag, count in hits.items() if count == most]
    return best[0] if most and len(best) == 1 else None
