"""The lump-sum withdrawal payment (脱退一時金): how much, what is withheld, what comes back.

By the pages of Japan Pension Service for people who leave Japan: Employees' Pension pays the
average monthly pay times a number by months, National Pension a fixed amount by months and by the
fiscal year of the last paid month. The two are never added together.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar, Literal

from bot.calculators.dated import STRICT, Source, Tables
from bot.calculators.ledger import Amount, Ledger, Line, Sentences, WrongQuestion

PAID_MONTHS = (60, 54, 48, 42, 36, 30, 24, 18, 12, 6)
"""Months for which the tables have a value; in between the lower one counts."""

STEPS: Sentences = {
    "pension.months_counted": {"months": "count", "counted": "count"},
    "pension.national_amount": {"months": "count"},
    "pension.average_times_rate": {"average": "yen", "times": "count"},
    "pension.tax_withheld": {"percent": "percent"},
    "pension.retirement_deduction": {"years": "count"},
    "pension.ten_years": {"months": "count"},
    "pension.too_few_months": {"months": "count"},
}
ASSUMPTIONS: Sentences = {
    "pension.paid_in_full": {},
    "pension.under_ten_years": {},
    "pension.no_other_income": {},
    "pension.tax_office": {},
}

Nothing = Literal["too_few_months", "ten_years"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PensionQuestion:
    """`months` insured (Employees' Pension) or paid (National Pension) in this one system.

    For Employees' Pension either `average`, the average standard monthly pay in yen with bonuses
    spread over the months, or `monthly` and `bonuses`: yen of each month (or one figure for all),
    and of all bonuses together. `last_month` is the last insured or paid one, as 2026-03.
    `all_months` are the qualifying months of both systems, if they are more.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    system: Literal["employees", "national"]
    months: int
    last_month: str
    average: Decimal | None = None
    monthly: int | tuple[int, ...] | None = None
    bonuses: int = 0
    all_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PensionResult:
    """Whole yen. `refundable_tax` is None where it takes more than we know of the person's tax.

    `nothing` says why there is no payment.
    """

    amount: int
    withheld: int
    paid: int
    refundable_tax: int | None
    nothing: Nothing | None
    lines: tuple[Line, ...]
    assumptions: tuple[Line, ...]
    sources: tuple[Source, ...]


def lump_sum(question: PensionQuestion, tables: Tables) -> PensionResult:
    """Work the payment out. Raises `WrongQuestion`, and `NotKnownYet` outside the tables."""
    ledger = Ledger(tables)
    day = first_day(question.last_month)
    if question.months < 0:
        raise WrongQuestion("months: a number of 0 or more is expected.")
    months = question.monthly if isinstance(question.monthly, tuple) else (question.monthly or 0,)
    if min(question.average or 0, question.bonuses, *months) < 0:
        raise WrongQuestion("average, monthly, bonuses: amounts of 0 or more are expected.")
    nothing = _nothing(question, day, ledger)
    if nothing is not None:
        return _result(ledger, 0, 0, 0, nothing)
    counted = min(question.months, int(ledger.figure("pension.max_months", day)))
    step = next(step for step in PAID_MONTHS if step <= counted)
    if step != question.months:
        ledger.note("pension.months_counted", months=question.months, counted=step)
    if question.system == "national":
        amount = int(ledger.figure(f"pension.np_{step}", day))
        ledger.note("pension.national_amount", amount, months=step)
        ledger.assume("pension.paid_in_full")
        return _result(ledger, amount, 0, 0, None)
    average = _average(question)
    times = ledger.figure(f"pension.ep_{step}", day)
    amount = whole_yen(average * times)
    ledger.note("pension.average_times_rate", amount, average=average, times=times)
    withheld = tax_withheld(amount, ledger, day)
    return _result(ledger, amount, withheld, _refundable(question, amount, withheld, ledger), None)


def tax_withheld(amount: int, ledger: Ledger, day: date) -> int:
    """Yen of income tax that Japan Pension Service keeps back; fractions are dropped."""
    percent = ledger.figure("pension.tax", day)
    withheld = whole_yen(amount * Decimal(percent) / 100)
    ledger.note("pension.tax_withheld", withheld, percent=percent)
    return withheld


def first_day(month: str) -> date:
    """2026-03 -> 1 March 2026. Raises `WrongQuestion`."""
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise WrongQuestion(f"last_month: {month!r} is not a month. Write it as 2026-03.") from None


def whole_yen(amount: Amount) -> int:
    """Fractions of a yen are dropped."""
    return int(Decimal(amount).to_integral_value(ROUND_FLOOR))


def _nothing(question: PensionQuestion, day: date, ledger: Ledger) -> Nothing | None:
    every = max(question.months, question.all_months or 0)
    if every >= ledger.figure("pension.qualifying_months", day):
        ledger.note("pension.ten_years", months=every)
        return "ten_years"
    if question.months < ledger.figure("pension.min_months", day):
        ledger.note("pension.too_few_months", months=question.months)
        return "too_few_months"
    if question.all_months is None:
        ledger.assume("pension.under_ten_years")
    return None


def _average(question: PensionQuestion) -> Decimal:
    if question.average is not None:
        return question.average
    if question.monthly is None:
        raise WrongQuestion("average: give the average monthly pay, or monthly and bonuses.")
    if isinstance(question.monthly, int):
        total = question.monthly * question.months
    elif len(question.monthly) == question.months:
        total = sum(question.monthly)
    else:
        raise WrongQuestion(f"monthly: {question.months} figures are expected, one a month.")
    return Decimal(total + question.bonuses) / question.months


def _refundable(
    question: PensionQuestion, amount: int, withheld: int, ledger: Ledger
) -> int | None:
    """What a tax agent can get back by choosing taxation as retirement income."""
    day = first_day(question.last_month)
    years = -(-question.months // 12)
    deduction = max(
        int(ledger.figure("pension.tax_deduction", day)) * years,
        int(ledger.figure("pension.tax_deduction_minimum", day)),
    )
    ledger.note("pension.retirement_deduction", deduction, years=years)
    ledger.assume("pension.no_other_income")
    if amount <= deduction:
        return withheld
    ledger.assume("pension.tax_office")
    return None


def _result(
    ledger: Ledger, amount: int, withheld: int, refundable: int | None, nothing: Nothing | None
) -> PensionResult:
    return PensionResult(
        amount=amount,
        withheld=withheld,
        paid=amount - withheld,
        refundable_tax=refundable,
        nothing=nothing,
        lines=tuple(ledger.lines),
        assumptions=tuple(ledger.assumptions),
        sources=tuple(ledger.sources),
    )
