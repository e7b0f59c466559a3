"""What dialogs can have worked out: from their answers to a calculator, and what it found."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.calculators.dated import Source, Unit
from bot.calculators.ledger import Amount, Line, NotKnownYet, WrongQuestion
from bot.calculators.pension import PensionQuestion, lump_sum
from bot.core.dialogs.answers import Answers, World

UNKNOWN = "unknown"
"""What every calculation may find: there is no figure for that day or place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day that somebody can be reminded of; `subject` is a sentence due.ID of messages.yaml."""

    day: date
    subject: str
    yen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What came out: a verdict that routes can ask for, values for {result.NAME}, and how.

    `rows` are told with the result, `lines` under how it was worked out; `notes` are texts of the
    file under `context`.
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


def find(name: str, answers: Answers, world: World) -> Finding:
    """Work a calculation out; `UNKNOWN` outside the tables, never a guess."""
    calculation = CALCULATIONS[name]
    if any(answers.get(need) is None for need in calculation.needs):
        return Finding(verdict=UNKNOWN)
    try:
        return calculation.work(answers, world)
    except (NotKnownYet, WrongQuestion):
        return Finding(verdict=UNKNOWN)


def _pension(answers: Answers, world: World) -> Finding:
    months = answers["months"]
    last_month = answers["last_month"]
    average = answers.get("average")
    result = lump_sum(
        PensionQuestion(
            system="national" if answers["system"] == "national" else "employees",
            months=months if isinstance(months, int) else 0,
            last_month=str(last_month),
            average=Decimal(average) if isinstance(average, int) else None,
        ),
        world.tables,
    )
    return Finding(
        verdict=result.nothing or "amount",
        values=(("amount", result.amount), ("withheld", result.withheld), ("paid", result.paid)),
        lines=result.lines,
        assumptions=result.assumptions,
        sources=result.sources,
    )


CALCULATIONS: dict[str, Calculation] = {
    "pension": Calculation(
        work=_pension,
        needs=("system", "months", "last_month"),
        verdicts=("amount", "too_few_months", "ten_years"),
        values={"amount": "yen", "withheld": "yen", "paid": "yen"},
    ),
}
