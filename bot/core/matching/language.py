"""Which language a message is written in, as far as that is clear from the message itself."""

import re
from collections import Counter
from collections.abc import Mapping

from bot.core.matching.normal import normalise, runs
from bot.core.shapes import Words

_SCRIPTS = {
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7a3\u1100-\u11ff]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "my": re.compile("[\u1000-\u109f]"),
    "ne": re.compile("[\u0900-\u097f]"),
}
_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[a-z]")

FEWEST_WORDS = 2
"""So many very common words of a language make it clear; a single one may be a borrowed word."""


def detect_language(text: str, words: Mapping[str, Words]) -> str | None:
    """The language of a message, or None where it is not clear (a name, a number, shared han).

    Two very common words decide, whatever Japanese terms stand beside them. Else scripts are
    weighed by characters.
    """
    lowered = text.casefold()
    latin = len(_LATIN.findall(lowered))
    han = len(_HAN.findall(lowered))
    counted = {language: len(script.findall(lowered)) for language, script in _SCRIPTS.items()}
    language, characters = max(counted.items(), key=lambda item: item[1])
    words_say = _language_of_words(lowered, words) if latin else None
    if words_say is not None:
        return words_say
    if characters and (characters + han) * 3 >= latin:
        return language
    if han * 3 >= latin and han:
        return _language_of_han(lowered, words)
    return None


def _language_of_han(text: str, words: Mapping[str, Words]) -> str | None:
    """Chinese or Japanese without kana, by the letters that only one of them has."""
    marks = Counter(
        {
            language: sum(letter in known.language_marks.letters for letter in text)
            for language, known in words.items()
            if known.language_marks.letters
        }
    )
    best = marks.most_common(2)
    if not best or not best[0][1] or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    return best[0][0]


def _language_of_words(text: str, words: Mapping[str, Words]) -> str | None:
    spoken = runs(normalise(text))
    hits = Counter(
        {
            language: sum(word in known.language_marks.words for word in spoken)
            for language, known in words.items()
            if known.language_marks.words
        }
    )
    best = hits.most_common(2)
    if not best or best[0][1] < min(FEWEST_WORDS, len(spoken)):
        return None
    if not best[0][1] or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    return best[0][0]
