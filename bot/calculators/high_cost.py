"""The refund of medical bills above the ceiling of a calendar month (高額療養費).

By the ceilings of the Ministry of Health, Labour and Welfare (001726232.pdf), for a household all
of whose patients are under 70, or all from 70 to 74. The tables of the month of treatment count.
Fractions of the part in percent: 0.5 yen and more are rounded up.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from bot.calculators.calendar import first_of_month
from bot.calculators.dated import STRICT, Source, Tables
from bot.calculators.ledger import Ledger, Line, Sentences, WrongQuestion
from bot.calculators.medical_bills import Bill, Share, outpatient, rounded, share, together

STEPS: Sentences = {
    "high_cost.bill": {"number": "count"},
    "high_cost.small_bill": {"number": "count", "limit": "yen"},
    "high_cost.nothing_counts": {},
    "high_cost.outpatient": {"person": "count", "limit": "yen"},
    "high_cost.ceiling_percent": {
        "base": "yen",
        "total": "yen",
        "threshold": "yen",
        "percent": "percent",
    },
    "high_cost.ceiling_fixed": {},
    "high_cost.ceiling_fourth": {"months": "count"},
    "high_cost.under_ceiling": {"paid": "yen"},
    "high_cost.burden": {},
    "high_cost.refund": {"paid": "yen"},
    "high_cost.annual_left": {"cap": "yen"},
    "high_cost.annual_refund": {"cap": "yen"},
}
ASSUMPTIONS: Sentences = {
    "high_cost.insured_only": {},
    "high_cost.cost_from_paid": {},
    "high_cost.share": {"percent": "percent"},
    "high_cost.each_bill_one_hospital": {},
    "high_cost.no_earlier_months": {},
    "high_cost.claim": {},
    "high_cost.annual_claim": {"cap": "yen"},
    "high_cost.annual_since_august": {},
    "high_cost.annual_low_pay": {"cap": "yen"},
    "high_cost.outpatient_year": {"cap": "yen"},
}

Band = Literal[
    "a", "b", "c", "d", "e", "working3", "working2", "working1", "general", "low2", "low1"
]
YOUNG = ("a", "b", "c", "d", "e")
WORKING = {"working3": "a", "working2": "b", "working1": "c"}
"""Bands from 70 on that have the ceilings of bands under 70."""

AUGUST = 8
OLDEST = 120
FOURTH = 4
"""From this month within the last twelve that reached the ceiling, the lower ceiling holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HighCostQuestion:
    """The bills of one household in one month, as 2026-08.

    Bands a to e are ア to オ; the others are of people from 70 to 74: working3 to working1 are
    III to I. `earlier_months_in_year` are the months among the eleven before that reached the
    ceiling. `paid_since_august` is the yen that the household bore of counted bills, after
    refunds, from August to the month before.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    month: str
    age: int | Literal["mixed"]
    band: Band
    bills: tuple[Bill, ...]
    earlier_months_in_year: int | None = None
    paid_since_august: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HighCostResult:
    """Yen. `paid` at the windows of all bills = `burden`, which stays, + `refund`.

    `counted` and `ignored` are numbers of bills, from 1. The cap from August to July does not
    lower what is paid at the window nor this refund: `annual_refund` is claimed after July.
    `annual_left` is what may still be paid until then. None where there is no cap or the question
    does not say what was paid since August.
    """

    ceiling: int
    burden: int
    paid: int
    refund: int
    counted: tuple[int, ...]
    ignored: tuple[int, ...]
    annual_cap: int | None
    annual_left: int | None
    annual_refund: int | None
    lines: tuple[Line, ...]
    assumptions: tuple[Line, ...]
    sources: tuple[Source, ...]


def high_cost(question: HighCostQuestion, tables: Tables) -> HighCostResult:
    """Work the refund out. Raises `WrongQuestion`, and `NotKnownYet` outside the tables."""
    ledger = Ledger(tables)
    day = first_of_month(question.month, "month")
    _check(question, day, ledger)
    shares = _shares(question, day, ledger)
    counted = _counted(question, shares, day, ledger)
    ceiling = _ceiling(question, sum(one.cost for one in counted), day, ledger)
    borne = min(ceiling, _after_outpatient(question, counted, day, ledger))
    paid = sum(one.paid for one in shares)
    refund = sum(one.paid for one in counted) - borne
    _tell(paid, refund, ceiling, ledger)
    cap, left, back = _year(question, borne, day, ledger)
    numbers = tuple(one.number for one in counted)
    return HighCostResult(
        ceiling=ceiling,
        burden=paid - refund,
        paid=paid,
        refund=refund,
        counted=numbers,
        ignored=tuple(one.number for one in shares if one.number not in numbers),
        annual_cap=cap,
        annual_left=left,
        annual_refund=back,
        lines=tuple(ledger.lines),
        assumptions=tuple(ledger.assumptions),
        sources=tuple(ledger.sources),
    )


def is_senior(question: HighCostQuestion, day: date, ledger: Ledger) -> bool:
    """Whether the rules for older people hold, with their own bands."""
    return question.age != "mixed" and question.age >= ledger.figure("ages.senior", day)


def _check(question: HighCostQuestion, day: date, ledger: Ledger) -> None:
    if question.age == "mixed":
        raise WrongQuestion(
            "age: people under 70 and from 70 to 74 in one household are not worked out here. "
            "Ask the counter."
        )
    if not 0 <= question.age <= OLDEST:
        raise WrongQuestion(f"age: 0 to {OLDEST} is expected.")
    if (question.band in YOUNG) == is_senior(question, day, ledger):
        bands = (
            "working3 to working1, general, low2" if is_senior(question, day, ledger) else "a to e"
        )
        raise WrongQuestion(f"band: at age {question.age} one of {bands} is expected.")
    if not question.bills:
        raise WrongQuestion("bills: at least one bill is expected.")
    if not 0 <= (question.earlier_months_in_year or 0) < 12:
        raise WrongQuestion("earlier_months_in_year: 0 to 11 months are expected.")
    if (question.paid_since_august or 0) < 0:
        raise WrongQuestion("paid_since_august: 0 yen or more is expected.")
    if day.month == AUGUST and question.paid_since_august:
        raise WrongQuestion("paid_since_august: in August nothing was paid before this month.")
    if is_senior(question, day, ledger):
        ledger.figure("high_cost.general_base", day)  # the bands as they are since then


def _shares(question: HighCostQuestion, day: date, ledger: Ledger) -> tuple[Share, ...]:
    """Each bill with its cost and the person's share."""
    usual = "copay.standard"
    if is_senior(question, day, ledger):
        usual = "copay.senior_high" if question.band in WORKING else "copay.senior"
    percent = int(ledger.figure(usual, day))
    if any(bill.copay_percent is None for bill in question.bills):
        ledger.assume("high_cost.share", percent=percent)
    shares = tuple(
        share(number, bill, percent if bill.copay_percent is None else bill.copay_percent)
        for number, bill in enumerate(question.bills, start=1)
    )
    ledger.assume("high_cost.insured_only")
    if any(bill.total_cost is None for bill in question.bills):
        ledger.assume("high_cost.cost_from_paid")
    return shares


def _counted(
    question: HighCostQuestion, shares: tuple[Share, ...], day: date, ledger: Ledger
) -> tuple[Share, ...]:
    """Under 70: what one person paid at one hospital, in and out apart, counts from a limit."""
    if is_senior(question, day, ledger):
        for one in shares:
            ledger.note("high_cost.bill", one.paid, number=one.number)
        return shares
    limit = int(ledger.figure("high_cost.small_bill", day))
    if len(shares) > 1 and any(one.bill.hospital is None for one in shares):
        ledger.assume("high_cost.each_bill_one_hospital")
    counted = []
    for one in shares:
        if sum(other.paid for other in shares if together(one, other)) >= limit:
            ledger.note("high_cost.bill", one.paid, number=one.number)
            counted.append(one)
        else:
            ledger.note("high_cost.small_bill", one.paid, number=one.number, limit=limit)
    if not counted:
        ledger.note("high_cost.nothing_counts")
    return tuple(counted)


def _after_outpatient(
    question: HighCostQuestion, counted: tuple[Share, ...], day: date, ledger: Ledger
) -> int:
    """What is left when the outpatient care of each person is cut at its own ceiling (70-74)."""
    limit = _figure(f"{question.band}_outpatient", day, ledger)
    if limit is None:
        return sum(one.paid for one in counted)
    left = sum(one.paid for one in counted if one.bill.inpatient)
    for person in dict.fromkeys(one.bill.person for one in counted if not one.bill.inpatient):
        own = outpatient(person, counted)
        if own > limit:
            ledger.note("high_cost.outpatient", own, person=person, limit=limit)
        left += min(own, limit)
    yearly = _figure(f"{question.band}_outpatient_year", day, ledger)
    if yearly is not None:
        ledger.assume("high_cost.outpatient_year", cap=yearly)
    return left


def _ceiling(question: HighCostQuestion, total: int, day: date, ledger: Ledger) -> int:
    """The ceiling of the household for the month; `total` is the whole cost of counted bills."""
    band = WORKING.get(question.band, question.band)
    earlier = question.earlier_months_in_year
    fourth = _figure(f"{band}_fourth", day, ledger)
    if earlier is None and fourth is not None:
        ledger.assume("high_cost.no_earlier_months")
    if fourth is not None and (earlier or 0) + 1 >= FOURTH:
        ledger.note("high_cost.ceiling_fourth", fourth, months=earlier or 0)
        return fourth
    base = int(ledger.figure(f"high_cost.{band}_base", day))
    threshold = _figure(f"{band}_threshold", day, ledger)
    if threshold is None:
        ledger.note("high_cost.ceiling_fixed", base)
        return base
    percent = ledger.figure("high_cost.percent", day)
    ceiling = base + rounded(Decimal(max(0, total - threshold)) * percent / 100)
    ledger.note(
        "high_cost.ceiling_percent",
        ceiling,
        base=base,
        total=total,
        threshold=threshold,
        percent=percent,
    )
    return ceiling


def _tell(paid: int, refund: int, ceiling: int, ledger: Ledger) -> None:
    if refund == 0:
        ledger.note("high_cost.under_ceiling", ceiling, paid=paid)
        return
    ledger.note("high_cost.refund", refund, paid=paid)
    ledger.note("high_cost.burden", paid - refund)
    ledger.assume("high_cost.claim")


def _year(
    question: HighCostQuestion, borne: int, day: date, ledger: Ledger
) -> tuple[int | None, int | None, int | None]:
    """The cap from August to July, what may still be paid under it, and what comes back later."""
    band = WORKING.get(question.band, question.band)
    cap = _figure(f"{band}_cap", day, ledger)
    if cap is None:
        return None, None, None
    ledger.assume("high_cost.annual_claim", cap=cap)
    lower = _figure(f"{band}_cap_low", day, ledger)
    if lower is not None:
        ledger.assume("high_cost.annual_low_pay", cap=lower)
    before = 0 if day.month == AUGUST else question.paid_since_august
    if before is None:
        ledger.assume("high_cost.annual_since_august")
        return cap, None, None
    left = max(0, cap - before - borne)
    back = min(borne, max(0, before + borne - cap))
    ledger.note("high_cost.annual_left", left, cap=cap)
    if back:
        ledger.note("high_cost.annual_refund", back, cap=cap)
    return cap, left, back


def _figure(name: str, day: date, ledger: Ledger) -> int | None:
    """Yen of a rule that not every band has at every time; None before its first value."""
    figure = ledger.tables.figures.get(f"high_cost.{name}")
    if figure is None or day < min(value.from_ for value in figure.values):
        return None
    return int(ledger.figure(f"high_cost.{name}", day))
