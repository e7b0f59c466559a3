"""Everything that the bot knows, frozen: one object a version of the files under intents/."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.calculators.dated import Figure, RateTable, Tables
from bot.core.consultation.staffing import Staff
from bot.core.dialogs.paths import Way, ways
from bot.core.dialogs.shapes import Dialog
from bot.core.matching import Matcher
from bot.core.message import Message
from bot.core.shapes import Answer, Paper, Place, Topic, Words

Catalogue = Mapping[tuple[str, str], str]
"""(context, English) -> the translation; what is missing is not translated, or outdated."""

SOURCE_LANGUAGE = "en"
"""The language in which the files are written."""

COUNTER_LANGUAGE = "ja"
"""The language that is spoken at the counter."""

PERSON = "office.human"
"""The answer that leads to a person."""

LETTERS = "letter.identify"
"""The answer that lists the titles of letters."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Knowledge:
    """Answers, examples, words, figures, places, papers, sentences and their translations.

    Keys of `figures` are "table.name", of `catalogues`, `examples` and `words` language tags, of
    `place_names` the normalised spellings of municipalities.
    """

    answers: Mapping[str, Answer]
    examples: Mapping[str, Mapping[str, tuple[str, ...]]]
    words: Mapping[str, Words]
    figures: Mapping[str, Figure]
    rates: Mapping[str, RateTable]
    places: Mapping[str, Place]
    papers: Mapping[str, Paper]
    topics: Mapping[str, Topic]
    dialogs: Mapping[str, Dialog]
    messages: Mapping[str, str]
    catalogues: Mapping[str, Catalogue]
    matcher: Matcher
    place_names: Mapping[str, str]
    default_language: str = SOURCE_LANGUAGE
    staff: Staff | None = None
    """The consultants; None where there are none: then a person is at the counter only."""
    ways: dict[str, tuple[Way, ...]] = field(default_factory=dict, compare=False)
    """All ways through each dialog, walked when somebody first comes there; see `ways_of`."""
    worded: dict[object, Message | None] = field(default_factory=dict, compare=False)
    """Messages that were worded lately; made and used by `wording.word` alone."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which the bot speaks."""
        return (SOURCE_LANGUAGE, *self.catalogues)

    @property
    def tables(self) -> Tables:
        """What calculators look up."""
        return Tables(figures=self.figures, rates=self.rates, places=self.places)

    def translation(self, language: str, context: str, english: str) -> str | None:
        """A text in a language; None where there is no translation of exactly this English."""
        if language == SOURCE_LANGUAGE:
            return english
        return self.catalogues.get(language, {}).get((context, english))

    def supported(self, tag: str | None) -> str | None:
        """The language of ours that a BCP 47 tag such as zh-CN, pt or en-GB asks for, or None."""
        if not tag:
            return None
        tag = _CHINESE.get(tag.lower(), tag)
        for language in self.languages:
            if language.lower() == tag.lower():
                return language
        primary = tag.split("-")[0].lower()
        return next((one for one in self.languages if one.split("-")[0] == primary), None)

    def ways_of(self, dialog: str) -> tuple[Way, ...]:
        """All ways through a dialog."""
        if dialog not in self.ways:
            self.ways[dialog] = tuple(ways(self.dialogs[dialog]))
        return self.ways[dialog]

    def municipalities(self) -> Mapping[str, Place]:
        """The places that a resident can choose."""
        return {name: place for name, place in self.places.items() if place.kind == "municipality"}


_CHINESE = {
    "zh": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
}
