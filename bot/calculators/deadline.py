"""The last day of a deadline that counts from an event: notices, claims, applications.

The day of the event is not counted (Civil Code, article 140) unless a law says otherwise. A notice
to a city whose last day is a holiday of the city may be made on the next open day (Local Autonomy
Act, article 4-2). The limits on claims are lapses of a right and are not moved here: that is the
side on which a resident loses nothing. Lengths come from the tables on the day of the event.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from bot.calculators.calendar import (
    DAY,
    Period,
    city_closed,
    known,
    last_day,
    last_of_month,
    months_later,
    next_business_day,
)
from bot.calculators.dated import STRICT, Source, Tables
from bot.calculators.ledger import Ledger, Line, Sentences, WrongQuestion

STEPS: Sentences = {
    "deadline.counted_from": {"day": "date"},
    "deadline.days": {"length": "days", "day": "date"},
    "deadline.months": {"length": "months", "day": "date"},
    "deadline.years": {"length": "years", "day": "date"},
    "deadline.moved": {"closed": "date", "day": "date"},
    "deadline.days_before": {"length": "days", "day": "date"},
    "deadline.months_before": {"length": "months", "day": "date"},
    "deadline.days_left": {"days": "days"},
    "deadline.last_day_is_today": {},
    "deadline.overdue": {"days": "days"},
}
ASSUMPTIONS: Sentences = {
    "deadline.event_not_counted": {},
    "deadline.event_counted": {},
    "deadline.city_holidays": {},
    "deadline.other_holidays": {},
    "deadline.not_moved": {},
    "deadline.must_arrive": {},
    "deadline.moving_day": {},
    "deadline.after_birth_too": {},
    "deadline.paid_in_month": {},
    "deadline.notice": {"day": "date"},
    "deadline.overpaid": {},
}

Kind = Literal[
    "report",
    "moving_out",
    "birth_registration",
    "baby_insurance",
    "baby_status",
    "baby_stay",
    "address_status",
    "voluntary_continuation",
    "refund",
    "high_cost",
    "childbirth",
    "funeral",
    "transport",
    "pension_lump_sum",
    "childbirth_exemption",
    "refund_premium",
    "refund_tax",
    "back_premium",
    "back_tax",
    "full_payment",
    "suspension",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which figure is the length, and how it is counted; `holidays` says whose move the end."""

    figure: str
    holidays: Literal["city", "other"] | None = None
    event_counted: bool = False
    acts: bool = True
    """Whether a resident has to do something by then."""
    says: str | None = None
    """One more assumption."""


RULES: dict[Kind, Rule] = {
    "report": Rule(figure="deadlines.report", holidays="city"),
    "moving_out": Rule(figure="deadlines.moving_out", says="deadline.moving_day"),
    "birth_registration": Rule(figure="deadlines.birth", holidays="city", event_counted=True),
    "baby_insurance": Rule(figure="deadlines.report", holidays="city"),
    "baby_status": Rule(figure="deadlines.baby_status"),
    "baby_stay": Rule(figure="deadlines.baby_stay"),
    "address_status": Rule(figure="deadlines.address_status"),
    "voluntary_continuation": Rule(
        figure="work.voluntary_apply", holidays="other", says="deadline.must_arrive"
    ),
    "refund": Rule(figure="deadlines.claim"),
    "high_cost": Rule(figure="deadlines.claim"),
    "childbirth": Rule(figure="deadlines.claim"),
    "funeral": Rule(figure="deadlines.claim"),
    "transport": Rule(figure="deadlines.claim"),
    "pension_lump_sum": Rule(figure="pension.claim"),
    "childbirth_exemption": Rule(
        figure="reductions.childbirth_apply", says="deadline.after_birth_too"
    ),
    "refund_premium": Rule(figure="deadlines.refund_premium", says="deadline.overpaid"),
    "refund_tax": Rule(figure="deadlines.refund_tax", says="deadline.overpaid"),
    "back_premium": Rule(figure="deadlines.back_premium", acts=False),
    "back_tax": Rule(figure="deadlines.back_tax", acts=False),
    "full_payment": Rule(figure="arrears.full_payment_after", acts=False),
    "suspension": Rule(figure="arrears.suspension_after", acts=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineQuestion:
    """What is to be done, and the day of the event: move, birth, funeral, payment, landing.

    voluntary_continuation: the last day at work. pension_lump_sum: the day on which the address
    in Japan ended. moving_out: the day of the move or departure. childbirth_exemption: the day on
    which the baby is due. back_premium and back_tax: the first due date of the year. full_payment
    and suspension: the due date that was missed. high_cost: any day in the month of treatment;
    `paid` is the day on which the bill was paid, `notified` that on which the city's notice came.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    kind: Kind
    event: date
    today: date | None = None
    paid: date | None = None
    notified: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineResult:
    """`last_day` is None where there is no end, `first_day` where nothing forbids being early.

    `days_left` are days from today to the last day, negative after it; None without today.
    """

    kind: Kind
    event: date
    first_day: date | None
    last_day: date | None
    days_left: int | None
    overdue: bool | None
    lines: tuple[Line, ...]
    assumptions: tuple[Line, ...]
    sources: tuple[Source, ...]


def deadline(question: DeadlineQuestion, tables: Tables) -> DeadlineResult:
    """Count the deadline. Raises `WrongQuestion`, and `NotKnownYet` outside the tables."""
    ledger = Ledger(tables)
    rule = RULES[question.kind]
    known(question.event)
    if question.kind != "high_cost" and (question.paid or question.notified):
        raise WrongQuestion("paid, notified: these days count for high_cost only.")
    length = int(ledger.figure(rule.figure, question.event))
    unit = _unit(rule.figure, tables)
    first: date | None = None
    last: date | None = None
    if question.kind in ("moving_out", "childbirth_exemption"):
        first = _opens(question.event, length, unit, ledger)
        last = question.event if question.kind == "moving_out" else None
    else:
        last = _closes(question, rule, length, unit, ledger)
    if rule.says:
        ledger.assume(rule.says)
    left = _days_left(last, question.today, ledger)
    return DeadlineResult(
        kind=question.kind,
        event=question.event,
        first_day=first,
        last_day=last,
        days_left=left,
        overdue=None if left is None else left < 0,
        lines=tuple(ledger.lines),
        assumptions=tuple(ledger.assumptions),
        sources=tuple(ledger.sources),
    )


def _opens(event: date, length: int, unit: Period, ledger: Ledger) -> date:
    """The first day of something that is possible from so long before the event."""
    if unit == "days":
        first = known(event - length * DAY)
    else:
        first = known(months_later(event, -length * (12 if unit == "years" else 1)))
    before = "days" if unit == "days" else "months"
    ledger.note(f"deadline.{before}_before", length=length, day=first)
    return first


def _closes(
    question: DeadlineQuestion, rule: Rule, length: int, unit: Period, ledger: Ledger
) -> date:
    """The last day on which something is in time."""
    if question.kind == "high_cost":
        first = _high_cost_begins(question, length, unit, ledger)
    elif rule.event_counted:
        first = question.event
        ledger.assume("deadline.event_counted")
    else:
        first = question.event + DAY
        ledger.assume("deadline.event_not_counted")
    ledger.note("deadline.counted_from", day=first)
    last = last_day(first, length, unit)
    ledger.note(f"deadline.{unit}", length=length, day=last)
    if rule.holidays is None:
        if rule.acts:
            ledger.assume("deadline.not_moved")
        return last
    ledger.assume(f"deadline.{rule.holidays}_holidays")
    moved = next_business_day(last, city_closed)
    if moved != last:
        ledger.note("deadline.moved", closed=last, day=moved)
    return moved


def _high_cost_begins(
    question: DeadlineQuestion, length: int, unit: Period, ledger: Ledger
) -> date:
    """The first day that counts for the refund of one calendar month.

    It is the 1st of the next month; the day after the payment, if that was later still; the day
    after the city's notice arrived, if there was one. Not every city counts from the notice.
    """
    month_end = last_of_month(question.event)
    month_begins = question.event.replace(day=1)
    for name, day in (("paid", question.paid), ("notified", question.notified)):
        if day is not None and day < month_begins:
            raise WrongQuestion(f"{name}: {day} is before the month of the treatment.")
    if question.paid is None:
        ledger.assume("deadline.paid_in_month")
    first = max(month_end, question.paid or month_end) + DAY
    if question.notified is None or question.notified < first:
        return first
    ledger.assume("deadline.notice", day=last_day(first, length, unit))
    return question.notified + DAY


def _days_left(last: date | None, today: date | None, ledger: Ledger) -> int | None:
    if last is None or today is None:
        return None
    left = (last - today).days
    if left > 0:
        ledger.note("deadline.days_left", days=left)
    elif left < 0:
        ledger.note("deadline.overdue", days=-left)
    else:
        ledger.note("deadline.last_day_is_today")
    return left


def _unit(figure: str, tables: Tables) -> Period:
    """The unit of a length. Raises `WrongQuestion` if the table has none that can be counted."""
    unit = tables.figures[figure].unit
    if unit == "days" or unit == "months" or unit == "years":
        return unit
    raise WrongQuestion(f"{figure} has the unit {unit}: days, months or years are expected.")
