"""Calculations that end in days: deadlines, due dates, what to do before leaving."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from bot.calculators.dated import Unit
from bot.calculators.deadline import RULES, DeadlineQuestion, DeadlineResult, Kind, deadline
from bot.calculators.due_dates import DueDatesQuestion, DueDatesResult, due_dates
from bot.calculators.ledger import Amount, Line, Sentences
from bot.core.dialogs.answers import Answers, World, as_day
from bot.core.dialogs.finding import Calculation, Due, Finding

ROWS: Sentences = {f"row.{name}": {"day": "date"} for name in (*RULES, "premium", "premium_amount")}
"""What has to be done by which day; said in a list."""

EVENTS: dict[str, tuple[Kind, ...]] = {
    "arrival": ("report",),
    "birth": ("baby_insurance", "birth_registration", "baby_status", "baby_stay"),
    "moved_in": ("report",),
    "moved_out": ("report", "moving_out"),
    "left_job": ("report", "voluntary_continuation"),
    "got_job": ("report",),
    "assistance_began": ("report",),
    "assistance_ended": ("report",),
    "leaving": ("report", "moving_out"),
    "death": ("report", "funeral"),
}
"""What happened -> the deadlines that count from it; the first is the one of the city hall."""

IN_TIME, OVERDUE = "in_time", "overdue"
DAYS: dict[str, Unit] = {
    "last_day": "date",
    "first_day": "date",
    "days_left": "days",
    "days_late": "days",
}


def _day(answers: Answers, name: str) -> date:
    return as_day(answers[name]) or date.min


def _counted(kinds: Iterable[Kind], event: date, world: World) -> list[DeadlineResult]:
    return [
        deadline(DeadlineQuestion(kind=kind, event=event, today=world.today), world.tables)
        for kind in kinds
    ]


def _merged(results: list[DeadlineResult]) -> Finding:
    """One finding from several deadlines; the first decides whether it is late."""
    main = results[0]
    values: list[tuple[str, Amount | str | date]] = []
    if main.last_day is not None and main.days_left is not None:
        values.append(("last_day", main.last_day))
        name = "days_late" if main.overdue else "days_left"
        values.append((name, abs(main.days_left)))
    values += [("first_day", one.first_day) for one in results if one.first_day is not None]
    days = [(one.kind, one.first_day or one.last_day) for one in results]
    return Finding(
        verdict=OVERDUE if main.overdue else IN_TIME,
        values=tuple(values),
        rows=tuple(Line(step=f"row.{kind}", values=(("day", day),)) for kind, day in days if day)
        if len(results) > 1
        else (),
        lines=main.lines,
        assumptions=tuple(dict.fromkeys(line for one in results for line in one.assumptions)),
        sources=tuple(dict.fromkeys(source for one in results for source in one.sources)),
        dues=tuple(Due(day=day, subject=kind) for kind, day in days if day),
    )


def _report(answers: Answers, world: World) -> Finding:
    kinds = EVENTS[str(answers["event"])]
    return _merged(_counted(kinds, _day(answers, "day"), world))


def _join(answers: Answers, world: World) -> Finding:
    return _merged(_counted(("report",), _day(answers, "since"), world))


def _claim(answers: Answers, world: World) -> Finding:
    kind: Kind = str(answers["claim"])  # type: ignore[assignment]
    if kind == "refund_premium" and _is_tax(answers, world):
        kind = "refund_tax"
    question = DeadlineQuestion(
        kind=kind,
        event=_day(answers, "day"),
        today=world.today,
        paid=as_day(answers.get("paid")),
        notified=as_day(answers.get("notified")),
    )
    return _merged([deadline(question, world.tables)])


def _is_tax(answers: Answers, world: World) -> bool:
    """Whether the city, or the answer about it, says that the premium is a tax (保険税)."""
    place = world.tables.places.get(str(answers.get("place")))
    return answers.get("levy") == "tax" or (place is not None and place.levy == "tax")


def _leaving(answers: Answers, world: World) -> Finding:
    """Leaving Japan: the deadlines that count from the last day with an address.

    People with insurance from a job have nothing to report to National Health Insurance, nobody
    does anything twice (`filed`: the moving-out notice), and who paid no pension claims none.
    """
    filed = answers.get("filed") == "yes"
    left_out = {
        "report": filed or answers.get("insurance") == "job",
        "moving_out": filed,
        "pension_lump_sum": answers.get("pension") == "no",
    }
    kinds: tuple[Kind, ...] = ("report", "moving_out", "pension_lump_sum")
    wanted = [kind for kind in kinds if not left_out[kind]] or ["moving_out"]
    found = _merged(_counted(wanted, _day(answers, "day"), world))
    gone = _day(answers, "day") < world.today
    return replace(found, verdict="gone" if gone else "ahead")


def fiscal_year(day: date) -> int:
    """The fiscal year of a day: it begins in April."""
    return day.year if day.month >= 4 else day.year - 1


def _due(answers: Answers, world: World) -> Finding:
    year = fiscal_year(world.today) - (answers.get("year") == "last")
    amount = answers.get("amount")
    result = due_dates(
        DueDatesQuestion(
            fiscal_year=year,
            place=str(answers["place"]),
            amount=amount if isinstance(amount, int) else None,
            today=world.today,
        ),
        world.tables,
    )
    rows = tuple(line for line in result.lines if line.step.startswith("due_dates.due"))
    return Finding(
        verdict=_due_verdict(result),
        values=tuple(_due_values(result)),
        rows=rows,
        lines=tuple(line for line in result.lines if line not in rows),
        assumptions=result.assumptions,
        sources=result.sources,
        dues=tuple(
            Due(day=one.due, subject="premium", yen=one.amount) for one in result.instalments
        ),
    )


def _due_verdict(result: DueDatesResult) -> str:
    if result.next is None:
        return "over"
    return "dates" if result.total is None else "amounts"


def _due_values(result: DueDatesResult) -> Iterator[tuple[str, Amount | str | date]]:
    yield "count", len(result.instalments)
    yield "past", len(result.overdue)
    for one in result.instalments:
        if one.number == result.next:
            yield "next", one.due
            if one.amount is not None:
                yield "next_amount", one.amount


COUNTS: dict[str, Calculation] = {
    "report_deadline": Calculation(
        work=_report, needs=("event", "day"), verdicts=(IN_TIME, OVERDUE), values=DAYS
    ),
    "join_deadline": Calculation(
        work=_join, needs=("since",), verdicts=(IN_TIME, OVERDUE), values=DAYS
    ),
    "claim_deadline": Calculation(
        work=_claim, needs=("claim", "day"), verdicts=(IN_TIME, OVERDUE), values=DAYS
    ),
    "leaving": Calculation(work=_leaving, needs=("day",), verdicts=("ahead", "gone"), values=DAYS),
    "due_dates": Calculation(
        work=_due,
        needs=("place",),
        verdicts=("dates", "amounts", "over"),
        values={"count": "count", "past": "count", "next": "date", "next_amount": "yen"},
    ),
}
