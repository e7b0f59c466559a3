"""What a calculation of a dialog found, in a form that routes, texts and reminders can use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.calculators.dated import Source, Unit
from bot.calculators.ledger import Amount, Line
from bot.core.dialogs.answers import Answers, World

UNKNOWN = "unknown"
"""What every calculation may find: there is no figure for that day or place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day that somebody can be reminded of; `subject` is a sentence step.row.SUBJECT."""

    day: date
    subject: str
    yen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came out: a verdict that routes can ask for, values for {result.NAME}, and how.

    `rows` are told with the result, `lines` under how it was worked out; `notes` are texts of the
    file under `context`. Without `official` amounts read "about".
    """

    verdict: str
    values: tuple[tuple[str, Amount | str | date], ...] = ()
    rows: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    assumptions: tuple[Line, ...] = ()
    sources: tuple[Source, ...] = ()
    dues: tuple[Due, ...] = ()
    context: str = ""
    notes: tuple[str, ...] = ()
    official: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculation:
    """`needs` are the answers that it cannot do without, `values` what {result.NAME} can be."""

    work: Callable[[Answers, World], Finding]
    needs: tuple[str, ...]
    verdicts: tuple[str, ...]
    values: Mapping[str, Unit] = field(default_factory=dict)
