"""The shapes of the files under intents/: one dataclass a kind of file, read by `bot.loading`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bot.calculators.dated import STRICT, Instalments, Levy, Source

BLOCKS = (
    "counter.nhi",
    "counter.premium",
    "counter.benefits",
    "rates",
    "instalments",
    "ways_to_pay",
    "advice_lines",
    "support",
    "papers",
)
"""Blocks that an answer may show after its text; `phones.NAME` is one more kind."""

Way = Literal[
    "account_transfer",
    "bank_slip",
    "convenience_store",
    "smartphone_app",
    "credit_card",
    "internet_banking",
    "pay_easy",
    "pension_deduction",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer: `short` at once, `more` behind a button."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    title: str
    short: str
    more: str | None = None
    show: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    dialogs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of a place or an office; other languages than Japanese come from translations."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    en: str
    ja: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One of several offices that share a counter's work, such as the wards of a city."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    name: Name
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A counter of an office, as far as it is known."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    name: Name
    address: Name | None = None
    phone: str | None = None
    branches: tuple[Branch, ...] = ()
    hours: str | None = None
    note: str | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysToPay:
    """In which ways a municipality takes the premium."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    ways: tuple[Way, ...]
    note: str | None = None
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What differs by municipality; or a support centre, which has only counters."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    kind: Literal["municipality", "support_centre"] = "municipality"
    name: Name
    prefecture: Name
    counters: dict[str, Counter]
    also: tuple[str, ...] = ()
    levy: Levy | None = None
    premium_rates: str | None = None
    instalments: Instalments | None = None
    ways_to_pay: WaysToPay | None = None
    advice_lines: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    serves: Name | None = None
    notes: tuple[str, ...] = ()

    def counter(self, subject: str) -> Counter | None:
        """The counter for a subject (nhi, premium, benefits), else the main one."""
        return self.counters.get(subject) or self.counters.get("main")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A letter, notice or certificate, by the title that stands on it."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    title: str
    name: str
    says: str
    intent: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A heading of the list of topics, with the answers under it."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    title: str
    answers: tuple[str, ...]
    dialogs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyPhrases:
    """Phrases that are an emergency: wherever they stand, or unless the message asks about it."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    always: tuple[str, ...] = ()
    unless_question: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageMarks:
    """How a language is recognised: very common words, and letters that only it has."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    words: tuple[str, ...] = ()
    letters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language that the bot must know outside answers and examples."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    filler: tuple[str, ...] = ()
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    language_marks: LanguageMarks = field(default_factory=LanguageMarks)
    emergency: dict[str, EmergencyPhrases] = field(default_factory=dict)
    question_words: tuple[str, ...] = ()
    broad: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """A word that says too little (insurance, money) -> the topics that it may belong to."""


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text; each is one unit of translation."""
    return tuple(filter(None, (part.strip() for part in text.split("\n\n"))))


def offices(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The official sources, each office once with its latest date: what residents may see."""
    latest: dict[str, Source] = {}
    for source in sources:
        known = latest.get(source.office)
        if source.official and (known is None or known.checked < source.checked):
            latest[source.office] = source
    return tuple(latest.values())


def is_urgent(intent: str) -> bool:
    """Whether somebody may be in danger: then nothing stands under the numbers."""
    return intent == "medical.emergency" or intent.startswith("emergency.")
