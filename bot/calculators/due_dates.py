"""The due dates of a year's premium, and what is due on each of them.

A fiscal year runs from 1 April to 31 March and has the number of its first year. Each instalment
is due on the last day of its month, or on the next business day if banks are closed; 31 December,
on which they always are, differs by city. The first instalment takes the remainder of the division
(Shinjuku City, hoken01_002029).
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Literal

from bot.calculators.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    banks_closed,
    last_of_month,
    next_business_day,
    previous_business_day,
)
from bot.calculators.dated import STRICT, Instalments, Source, Tables
from bot.calculators.ledger import Ledger, Line, Sentences, WrongQuestion

FIRST_MONTH = 4
DECEMBER = 12
MONTHS_OF_YEAR = 12

December = Literal["next_business_day", "last_business_day", "unconfirmed"]

STEPS: Sentences = {
    "due_dates.count": {"count": "count", "first": "month", "last": "month"},
    "due_dates.due": {"number": "count", "day": "date"},
    "due_dates.due_amount": {"number": "count", "day": "date"},
    "due_dates.divided": {"total": "yen", "count": "count", "unit": "yen"},
    "due_dates.next": {"number": "count", "day": "date"},
    "due_dates.past": {"count": "count"},
}
ASSUMPTIONS: Sentences = {
    "due_dates.slip": {},
    "due_dates.bank_holidays": {},
    "due_dates.december": {"day": "date"},
    "due_dates.december_last_business_day": {},
    "due_dates.unit": {"unit": "yen"},
    "due_dates.whole_year": {},
    "due_dates.other_year": {},
    "due_dates.not_official": {},
    "due_dates.may_be_paid": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDatesQuestion:
    """`amount` is the premium of the year in yen; `fiscal_year` 2026 begins on 1 April 2026.

    Either `place`, a municipality, or both `count` and `first_month` (1 to 12), as on a notice.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    fiscal_year: int
    place: str | None = None
    count: int | None = None
    first_month: int | None = None
    amount: int | None = None
    today: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One instalment: its month as 2026-06, due date and yen. Not `certain`: ask, or see the slip.

    Not certain are the dates of places whose own page nobody has seen, and 31 December where the
    city's rule is not confirmed.
    """

    number: int
    month: str
    due: date
    amount: int | None
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDatesResult:
    """`next` is the first instalment due today or later, `overdue` those due before today.

    Whether these were paid nobody has said. Both are empty without today. `total` in yen.
    """

    instalments: tuple[Instalment, ...]
    next: int | None
    overdue: tuple[int, ...]
    total: int | None
    lines: tuple[Line, ...]
    assumptions: tuple[Line, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How a year is divided: by a place, or by what stands on a notice."""

    count: int
    first_month: int
    december: December
    unit: int | None
    official: bool


def due_dates(question: DueDatesQuestion, tables: Tables) -> DueDatesResult:
    """Work the dates and amounts out. Raises `WrongQuestion` and `NotKnownYet`."""
    ledger = Ledger(tables)
    year = question.fiscal_year
    if not FIRST_YEAR < year < LAST_YEAR:
        raise WrongQuestion(
            f"fiscal_year: a year between {FIRST_YEAR + 1} and {LAST_YEAR - 1} is expected."
        )
    schedule = _schedule(question, ledger)
    months = _months(schedule, year)
    ledger.note("due_dates.count", count=len(months), first=months[0], last=months[-1])
    amounts = _amounts(question.amount, schedule, ledger, months[0])
    found = tuple(
        replace(_instalment(month, schedule, ledger), number=number, amount=amount)
        for number, (month, amount) in enumerate(zip(months, amounts, strict=True), start=1)
    )
    for one in found:
        step = "due_dates.due" if one.amount is None else "due_dates.due_amount"
        ledger.note(step, one.amount, number=one.number, day=one.due)
    ahead, past = _by_today(found, question.today, ledger)
    ledger.assume("due_dates.bank_holidays")
    ledger.assume("due_dates.slip")
    return DueDatesResult(
        instalments=found,
        next=ahead,
        overdue=past,
        total=question.amount,
        lines=tuple(ledger.lines),
        assumptions=tuple(ledger.assumptions),
        sources=tuple(ledger.sources),
    )


def divide(amount: int, count: int, unit: int) -> tuple[int, ...]:
    """Yen of each instalment: all but the first cut down to `unit`, the first takes the rest."""
    other = amount // count // unit * unit
    return (amount - other * (count - 1), *[other] * (count - 1))


def _schedule(question: DueDatesQuestion, ledger: Ledger) -> Schedule:
    given = (question.count, question.first_month)
    if question.place is None:
        if question.count is None or question.first_month is None:
            raise WrongQuestion("place: name a municipality, or give count and first_month.")
        return Schedule(
            count=question.count,
            first_month=question.first_month,
            december="unconfirmed",
            unit=None,
            official=True,
        )
    if any(one is not None for one in given):
        raise WrongQuestion("count, first_month: give them instead of place, not with it.")
    place = ledger.tables.places.get(question.place)
    if place is None or place.instalments is None:
        raise WrongQuestion(
            f"place: the instalments of {question.place!r} are not known. "
            "Give count and first_month from the notice."
        )
    return _of_place(place.instalments, question.fiscal_year, ledger)


def _of_place(instalments: Instalments, year: int, ledger: Ledger) -> Schedule:
    """The rule of a place is taken for other years than that in which it was read, too."""
    ledger.cite(instalments.source)
    read = instalments.source.checked
    if not date(year, FIRST_MONTH, 1) <= read < date(year + 1, FIRST_MONTH, 1):
        ledger.assume("due_dates.other_year")
    if not instalments.source.official:
        ledger.assume("due_dates.not_official")
    ledger.assume("due_dates.whole_year")
    return Schedule(
        count=instalments.count,
        first_month=instalments.first_month,
        december=instalments.december,
        unit=instalments.unit,
        official=instalments.source.official,
    )


def _months(schedule: Schedule, year: int) -> list[date]:
    """The first days of the months in which something is due."""
    if not 1 <= schedule.first_month <= MONTHS_OF_YEAR:
        raise WrongQuestion("first_month: a month from 1 to 12 is expected.")
    before_march = (schedule.first_month - FIRST_MONTH) % MONTHS_OF_YEAR
    most = MONTHS_OF_YEAR - before_march
    if not 1 <= schedule.count <= most:
        raise WrongQuestion(
            f"count: from month {schedule.first_month} to March there are {most} months."
        )
    return [
        date(year + (number >= MONTHS_OF_YEAR), number % MONTHS_OF_YEAR + 1, 1)
        for number in range(
            before_march + FIRST_MONTH - 1, before_march + FIRST_MONTH - 1 + schedule.count
        )
    ]


def _amounts(
    amount: int | None, schedule: Schedule, ledger: Ledger, day: date
) -> tuple[int | None, ...]:
    if amount is None:
        return (None,) * schedule.count
    if amount < 0:
        raise WrongQuestion("amount: 0 yen or more is expected.")
    unit = schedule.unit
    if unit is None:
        unit = int(ledger.figure("deadlines.instalment_unit", day))
        ledger.assume("due_dates.unit", unit=unit)
    ledger.note("due_dates.divided", total=amount, count=schedule.count, unit=unit)
    return divide(amount, schedule.count, unit)


def _instalment(month: date, schedule: Schedule, ledger: Ledger) -> Instalment:
    """Number and amount are still to be filled in."""
    last = last_of_month(month)
    due = next_business_day(last, banks_closed)
    certain = schedule.official
    if month.month == DECEMBER and schedule.december == "last_business_day":
        due = previous_business_day(last, banks_closed)
        ledger.assume("due_dates.december_last_business_day")
    elif month.month == DECEMBER and schedule.december == "unconfirmed":
        earliest = month.replace(day=int(ledger.figure("deadlines.december_day", month)))
        ledger.assume("due_dates.december", day=due)
        due = next_business_day(earliest, banks_closed)
        certain = False
    return Instalment(number=0, month=f"{month:%Y-%m}", due=due, amount=None, certain=certain)


def _by_today(
    found: tuple[Instalment, ...], today: date | None, ledger: Ledger
) -> tuple[int | None, tuple[int, ...]]:
    """The next instalment, and those whose day has passed."""
    if today is None:
        return None, ()
    past = tuple(one.number for one in found if one.due < today)
    ahead = next((one for one in found if one.due >= today), None)
    if past:
        ledger.note("due_dates.past", count=len(past))
        ledger.assume("due_dates.may_be_paid")
    if ahead is None:
        return None, past
    ledger.note("due_dates.next", number=ahead.number, day=ahead.due)
    return ahead.number, past
