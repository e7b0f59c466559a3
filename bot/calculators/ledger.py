"""What every calculator shares: figures of a day, and the record of how a result came about."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.calculators.dated import RateYear, Source, Tables, Unit

Amount = int | Decimal

Sentences = dict[str, dict[str, Unit]]
"""Ids of steps or assumptions -> the units of the values that each of them names.

What they say stands in messages.yaml, under step.ID and assume.ID. A step also knows {yen}.
"""


class WrongQuestion(ValueError):
    """The question contradicts itself or lacks something; the text says what to write."""


class NotKnownYet(Exception):
    """There is no figure for the day; an older one is never a stand-in."""

    def __init__(self, figure: str, day: date) -> None:
        super().__init__(f"{figure} is not known for {day}.")
        self.figure = figure
        self.day = day


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A step or an assumption: its id, the values that it names, and what came out in yen."""

    step: str
    values: tuple[tuple[str, Amount | str | date], ...] = ()
    yen: int | None = None


@dataclass(slots=True)
class Ledger:
    """Looks figures up, and writes down lines, assumptions and sources on the way."""

    tables: Tables
    lines: list[Line] = field(default_factory=list)
    assumptions: list[Line] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def figure(self, name: str, day: date) -> Amount:
        """The value of a figure on a day; its source is noted. Raises `NotKnownYet`."""
        figure = self.tables.figures.get(name)
        dated = figure.on(day) if figure else None
        if dated is None or not isinstance(dated.value, int | Decimal):
            raise NotKnownYet(name, day)
        self.cite(dated.source)
        return dated.value

    def rates(self, area: str, day: date) -> RateYear:
        """The premium rates of an area on a day; their source is noted. Raises `NotKnownYet`."""
        table = self.tables.rates.get(area)
        year = table.on(day) if table else None
        if year is None:
            raise NotKnownYet(f"premium_rates.{area}", day)
        self.cite(year.source)
        return year

    def cite(self, source: Source) -> None:
        """Note where something was read."""
        if source not in self.sources:
            self.sources.append(source)

    def note(self, step: str, yen: int | None = None, **values: Amount | str | date) -> None:
        """Write down a step."""
        self.lines.append(Line(step=step, values=tuple(values.items()), yen=yen))

    def assume(self, assumption: str, **values: Amount | str | date) -> None:
        """Write down what was taken for granted."""
        self.assumptions.append(Line(step=assumption, values=tuple(values.items())))
