"""One written form for what people type in many: case, width, accents, apostrophes, aliases.

Not `rapidfuzz.utils.default_process`: it deletes the vowel signs of Nepali, Burmese and Thai.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

LONGEST_MESSAGE = 4096
"""Characters of a message that are looked at; Telegram allows no more."""

LONGEST_PIECE = 200
MOST_PIECES = 8

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々"
"""Thai, Lao, Burmese, Khmer, kana and han: scripts that put no space between words."""

_INNER_SPACE = re.compile(f"(?<=[{UNSPACED}]) (?=[{UNSPACED}])")
"""Learners, and forms, set Japanese words apart."""

_RUN = re.compile(f"[{UNSPACED}]+|[^\\s{UNSPACED}]+")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？\n])\s*")
_MARKS = re.compile(r"([\u0300-\u036f\u0e34-\u0e3a\u0e47-\u0e4e]{2})[\u0300-\u036f\u0e34-\u0e4e]+")
_APOSTROPHES = "'\u2018\u2019\u02bc`\u00b4\uff07"


class _Characters(dict[int, int | str | None]):
    """A table for str.translate that is filled as characters are met."""

    def __missing__(self, code: int) -> int | str | None:
        character = chr(code)
        category = unicodedata.category(character)
        kept: int | str | None = " "
        if character in _APOSTROPHES or category == "Cf" or 0xFE00 <= code <= 0xFE0F:
            kept = None
        elif 0x30A1 <= code <= 0x30F6:
            kept = code - 0x60  # katakana -> hiragana
        elif category[0] in "LNM":
            kept = code
        self[code] = kept
        return kept


class _Unfolded(dict[int, int | str | None]):
    """Drops the accents of Latin, Greek and Cyrillic; never a vowel sign of an Indic script."""

    def __missing__(self, code: int) -> int | str | None:
        kept = None if 0x0300 <= code <= 0x036F else code
        self[code] = kept
        return kept


_characters = _Characters()
_unfolded = _Unfolded({ord("đ"): "d", ord("ø"): "o", ord("ł"): "l", ord("ı"): "i"})


def normalise(text: str) -> str:
    """Letters, digits and vowel signs in one form, single spaces between; accents folded.

    Cut before and after NFKC, since one character (U+FDFA) may become eighteen.
    """
    cut = unicodedata.normalize("NFKC", text[:LONGEST_MESSAGE])[:LONGEST_MESSAGE]
    plain = cut.casefold()
    if plain.isascii():
        return " ".join(plain.translate(_characters).split())
    plain = _MARKS.sub(r"\1", plain).translate(_characters)
    plain = unicodedata.normalize("NFD", plain).translate(_unfolded)
    return _INNER_SPACE.sub("", " ".join(unicodedata.normalize("NFC", plain).split()))


def may_go_on(character: str) -> bool:
    """Whether a word may go on behind a phrase that ends so: Hangul, with its particles, too."""
    return is_unspaced(character) or "\uac00" <= character <= "\ud7a3"


def is_unspaced(run: str) -> bool:
    """Whether a run of characters belongs to a script without spaces between words."""
    return re.match(f"[{UNSPACED}]", run) is not None


def runs(normal: str) -> list[str]:
    """The words of a normalised text; a run of an unspaced script counts as one."""
    return _RUN.findall(normal)


def pieces(text: str) -> list[str]:
    """The sentences of a message, at most eight of at most 200 characters, the last ones first.

    The question often stands last, behind the story that leads to it.
    """
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text[:LONGEST_MESSAGE]):
        stripped = sentence.strip()
        for start in range(0, len(stripped), LONGEST_PIECE):
            found.append(stripped[start : start + LONGEST_PIECE])
    return found[: -MOST_PIECES - 1 : -1]


class Phrases:
    """Phrases that are looked for in normalised texts, at each place the longest.

    A phrase of an unspaced script is found anywhere, any other only between word boundaries. The
    phrases become one tree of characters: a plain alternation of hundreds is tried one by one at
    every position, and took half a millisecond a message. In a text of ASCII only whole words
    count: there the phrases with a word of the text are looked for first.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        normal = {normalise(phrase) for phrase in phrases} - {""}
        tree: _Tree = {}
        for phrase in normal:
            node = tree
            for character in phrase:
                node = node.setdefault(character, {})
            node[_END] = {}
        self._pattern = re.compile(f"(?:{_starts(tree)})") if normal else None
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        for phrase in filter(str.isascii, normal):
            self._by_word[max(phrase.split(), key=len)].append(f" {phrase} ")

    def all_in(self, normal: str) -> list[str]:
        """The phrases that stand in a normalised text."""
        pattern = self._pattern_for(normal)
        return pattern.findall(normal) if pattern else []

    def first_in(self, normal: str) -> str | None:
        """The phrase that stands first in a normalised text."""
        pattern = self._pattern_for(normal)
        found = pattern.search(normal) if pattern else None
        return found[0] if found else None

    def exchanged(self, normal: str, other: Callable[[str], str]) -> str:
        """A normalised text with something else in the place of each phrase."""
        pattern = self._pattern_for(normal)
        return pattern.sub(lambda found: other(found[0]), normal) if pattern else normal

    def _pattern_for(self, normal: str) -> re.Pattern[str] | None:
        """The pattern, where it can find something."""
        if not normal.isascii():
            return self._pattern
        spaced = f" {normal} "
        near = (phrase for word in set(normal.split()) for phrase in self._by_word.get(word, ()))
        return self._pattern if any(phrase in spaced for phrase in near) else None


_Tree = dict[str, "_Tree"]
_END = ""


def _starts(tree: _Tree) -> str:
    """The tree with a word boundary before every phrase of a spaced script.

    One boundary for all of them: branches that begin with a letter are skipped by that letter.
    """
    spaced: list[str] = []
    unspaced: list[str] = []
    for character, below in sorted(tree.items()):
        branches = unspaced if is_unspaced(character) else spaced
        branches.append(f"{re.escape(character)}{_rest(below, character)}")
    if spaced:
        unspaced.append(rf"(?<![^\W_])(?:{'|'.join(spaced)})")
    return "|".join(unspaced)


def _rest(tree: _Tree, last: str) -> str:
    """What may follow `last`, the longest phrase first; the end is a word boundary."""
    branches = [
        f"{re.escape(character)}{_rest(below, character)}"
        for character, below in sorted(tree.items())
        if character != _END
    ]
    if _END in tree:
        branches.append("" if may_go_on(last) else r"(?![^\W_])")
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


class Aliases:
    """Writes every other name of a thing as its canonical name; examples and queries alike."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._canonical: dict[str, str] = {}
        for canonical, others in groups.items():
            for other in (canonical, *others):
                self._canonical.setdefault(normalise(other), normalise(canonical))
        self._names = Phrases(self._canonical)

    def apply(self, normal: str) -> str:
        """A normalised text with canonical names; spaces are put around what was exchanged."""
        exchanged = self._names.exchanged(normal, lambda name: f" {self._canonical[name]} ")
        plain = " ".join(exchanged.split())
        return plain if plain.isascii() else _INNER_SPACE.sub("", plain)
