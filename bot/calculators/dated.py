"""Figures that hold from one day until another, each with the office that published it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar, Literal, Protocol, TypeVar

Unit = Literal[
    "yen", "percent", "days", "months", "years", "age", "count", "date", "month", "phone"
]
Levy = Literal["tax", "premium"]
Value = int | Decimal | date | str


def yaml_key(name: str) -> str:
    """`from` is a word of Python, so the field is called `from_`."""
    return name.removesuffix("_")


STRICT: dict[str, object] = {"extra": "forbid", "alias_generator": yaml_key}
"""What every shape that is read from YAML obeys; a plain dict, so that nothing is imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The office behind a statement, and the day on which its page was last looked at.

    `official` is false where nobody has seen the statement on a page of the office itself:
    residents then read "about" and are sent to the counter.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    office: str
    checked: date
    url: str | None = None
    document: str | None = None
    official: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedValue:
    """One value of a figure; `until` is its last day, None if no end is known."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    from_: date
    until: date | None
    value: Value
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure under one name through time. Label, hours, languages and note belong to phones."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    unit: Unit
    values: tuple[DatedValue, ...]
    label: str | None = None
    hours: str | None = None
    languages: tuple[str, ...] = ()
    note: str | None = None

    def on(self, day: date) -> DatedValue | None:
        """The value that holds on `day`, or None: an older value is never a stand-in."""
        return holding(self.values, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """One portion of the premium for a year: percent of income, and yen."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    income_percent: Decimal | int
    per_person: int
    per_household: int
    cap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateYear:
    """The four portions of a rate area for one fiscal year.

    `per_person` of `child_support` is what members aged 18 and over pay; under 18 it is nothing.
    `notes` say what the area does otherwise in this year, for the reader of a result.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    from_: date
    until: date | None
    source: Source
    medical: Portion
    elderly_support: Portion
    nursing_care: Portion
    child_support: Portion
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """Premium rates of one area; several municipalities may share one.

    Each portion of the year is cut down to a multiple of `cut_to` yen; None: not confirmed.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    name: dict[str, str] = field(default_factory=dict)
    cut_to: Literal[1, 10, 100] | None = None
    years: tuple[RateYear, ...]

    def on(self, day: date) -> RateYear | None:
        """The rates that hold on `day`, or None."""
        return holding(self.years, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalments:
    """How a municipality divides the premium of a year; the last month is always March.

    Each is due on the last day of its month, or on the next business day if banks are closed.
    `december` says what becomes of 31 December, on which they always are. All instalments but
    the first are cut down to a multiple of `unit` yen; None: not confirmed.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    count: int
    first_month: int
    december: Literal["next_business_day", "last_business_day", "unconfirmed"] = "unconfirmed"
    unit: Literal[1, 10, 100, 1000] | None = None
    rule: str
    source: Source


class Municipality(Protocol):
    """What calculators need to know of a place; `premium_rates` names its rate area."""

    @property
    def levy(self) -> Levy | None:
        """Whether it takes the money as a tax (保険税) or a premium (保険料)."""

    @property
    def premium_rates(self) -> str | None:
        """Its rate area."""

    @property
    def instalments(self) -> Instalments | None:
        """How it divides the year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Everything that calculators look up: figures, rate areas and municipalities, by id."""

    figures: Mapping[str, Figure]
    rates: Mapping[str, RateTable]
    places: Mapping[str, Municipality]


Dated = TypeVar("Dated", DatedValue, RateYear)


def holding(values: Iterable[Dated], day: date) -> Dated | None:
    """The one of `values` that holds on `day`, or None."""
    for dated in values:
        if dated.from_ <= day and (dated.until is None or day <= dated.until):
            return dated
    return None


def gaps_and_overlaps(values: Iterable[Dated]) -> list[tuple[Dated, str]]:
    """What is wrong with the order of dated values: (the value concerned, what is wrong)."""
    wrong: list[tuple[Dated, str]] = []
    previous: Dated | None = None
    for dated in sorted(values, key=lambda value: value.from_):
        if dated.until is not None and dated.until < dated.from_:
            wrong.append((dated, f"ends on {dated.until}, before it begins on {dated.from_}"))
        if previous is not None:
            if previous.until is None or previous.until >= dated.from_:
                wrong.append((dated, f"overlaps the value that begins on {previous.from_}"))
            elif previous.until + timedelta(days=1) < dated.from_:
                wrong.append((dated, f"leaves a gap after {previous.until}"))
        previous = dated
    return wrong
