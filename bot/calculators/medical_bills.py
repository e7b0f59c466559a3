"""Medical bills of one month: the whole cost, and the share of it that a patient pays."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import ClassVar

from bot.calculators.dated import STRICT
from bot.calculators.ledger import Amount, WrongQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one person has at one hospital in the month, in yen.

    Either `total_cost`, the whole insured cost (100 %), or `paid`, the person's full share of it.
    Medicines belong to the hospital that prescribed them; dental care counts as another hospital.
    `copay_percent` is the share if it is not the usual one, as 20 for preschool children.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    person: int | str
    inpatient: bool
    total_cost: int | None = None
    paid: int | None = None
    hospital: str | None = None
    copay_percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A bill with both figures: the whole cost, and the person's share of it, in yen."""

    number: int
    bill: Bill
    cost: int
    paid: int


def rounded(amount: Amount) -> int:
    """Whole yen; 0.5 and more are rounded up."""
    return int(Decimal(amount).to_integral_value(ROUND_HALF_UP))


def share(number: int, bill: Bill, percent: int) -> Share:
    """Work out the figure that a bill does not have. Raises `WrongQuestion`."""
    if (bill.total_cost is None) == (bill.paid is None):
        raise WrongQuestion(f"bills.{number}: give either total_cost or paid.")
    if not 1 <= percent <= 30:
        raise WrongQuestion(f"bills.{number}: copay_percent: 1 to 30 is expected.")
    if (bill.total_cost or 0) < 0 or (bill.paid or 0) < 0:
        raise WrongQuestion(f"bills.{number}: 0 yen or more is expected.")
    if bill.total_cost is None:
        paid = bill.paid or 0
        return Share(
            number=number, bill=bill, cost=rounded(Decimal(paid * 100) / percent), paid=paid
        )
    paid = rounded(Decimal(bill.total_cost * percent) / 100)
    return Share(number=number, bill=bill, cost=bill.total_cost, paid=paid)


def together(one: Share, other: Share) -> bool:
    """Whether two bills are of one person at one hospital, both inpatient or both not."""
    if one.number == other.number:
        return True
    here, there = one.bill, other.bill
    same = (here.person, here.inpatient, here.hospital)
    return here.hospital is not None and same == (there.person, there.inpatient, there.hospital)


def outpatient(person: int | str, counted: Iterable[Share]) -> int:
    """Yen that one person pays for care without a stay in hospital."""
    return sum(one.paid for one in counted if one.bill.person == person and not one.bill.inpatient)
