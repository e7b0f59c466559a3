"""What every calculator shares: figures of a day, and the record of how a result came about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.calculators.dated import Figure, Source

Amount = int | Decimal


class NotKnownYet(Exception):
    """There is no figure for the day; an older one is never a stand-in."""

    def __init__(self, figure: str, day: date) -> None:
        super().__init__(f"{figure} is not known for {day}.")
        self.figure = figure
        self.day = day


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step of a calculation: its name, the figures that went in, and what came out in yen."""

    step: str
    values: dict[str, Amount | str]
    yen: int | None = None


@dataclass(slots=True)
class Ledger:
    """Looks figures up, and writes down lines, assumptions and sources on the way."""

    figures: Mapping[str, Figure]
    lines: list[Line] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)

    def figure(self, name: str, day: date) -> Amount:
        """The value of a figure on a day; its source is noted. Raises `NotKnownYet`."""
        dated = self.figures[name].on(day) if name in self.figures else None
        if dated is None or not isinstance(dated.value, int | Decimal):
            raise NotKnownYet(name, day)
        if dated.source not in self.sources:
            self.sources.append(dated.source)
        return dated.value

    def note(self, step: str, yen: int | None = None, **values: Amount | str) -> None:
        """Write down a step."""
        self.lines.append(Line(step=step, values=values, yen=yen))

    def assume(self, assumption: str) -> None:
        """Write down what was taken for granted."""
        self.assumptions.append(assumption)
