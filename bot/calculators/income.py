"""From gross pay of a year to income: salary, public pension, and what counts of them.

The fiscal year of the premium decides: the pay of 2025 counts from April 2026 on. The table of the
Income Tax Act is followed from the figures income.*; salaries from 1,619,000 to 1,623,999 yen of
2024 and before, for which it has rows of its own, may come out up to 2,000 yen too high.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.calculators.household import Member, Person
from bot.calculators.ledger import Amount, Ledger, NotKnownYet, Sentences

STEPS: Sentences = {
    "income.salary": {"member": "count", "salary": "yen"},
    "income.pension": {"member": "count", "pension": "yen"},
    "income.both": {"member": "count", "deduction": "yen"},
    "income.lost_job": {"member": "count", "percent": "percent"},
    "income.total": {"member": "count"},
}
ASSUMPTIONS: Sentences = {
    "income.pension_other": {"limit": "yen"},
    "income.lost_job": {"age": "age"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """Income of a person in yen, by kind; of a lost job's salary only what counts."""

    salary: int = 0
    pension: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """Everything, before the basic deduction."""
        return self.salary + self.pension + self.other


def earned(person: Person, day: date, ledger: Ledger) -> Earned:
    """What counts as income of a member in the fiscal year that begins on `day`."""
    member = person.member
    salary, pension = _paid(person, day, ledger)
    if salary and pension:
        salary = _both(salary, pension, person.number, day, ledger)
    if member.lost_job and member.salary:
        percent = ledger.figure("reductions.job_loss_percent", day)
        salary = salary * int(percent) // 100
        ledger.note("income.lost_job", salary, member=person.number, percent=percent)
        age = ledger.figure("reductions.job_loss_age", day)
        ledger.assume("income.lost_job", age=age)
    found = Earned(salary=salary, pension=pension, other=member.income or 0)
    ledger.note("income.total", found.total, member=person.number)
    return found


def salary_income(salary: int, day: date, ledger: Ledger) -> int:
    """Income in yen from a salary in yen. Raises `NotKnownYet` above what is published."""
    deduction = int(ledger.figure("levy.salary_deduction", day))
    if salary <= ledger.figure("levy.salary_deduction_limit", day):
        return max(0, salary - deduction)
    counted = salary
    if salary <= ledger.figure("income.salary_step_to", day):
        counted = cut(salary, int(ledger.figure("income.salary_step", day)))
    for number in _brackets(day, ledger):
        if counted <= ledger.figure(f"income.salary_{number}_to", day):
            return min(counted - deduction, _share(counted, f"income.salary_{number}", day, ledger))
    return salary - int(ledger.figure("income.salary_most", day))


def pension_income(pension: int, senior: bool, day: date, ledger: Ledger) -> int:
    """Income in yen from public pensions in yen; `senior`: aged 65 or over."""
    least = "income.pension_old" if senior else "income.pension_young"
    income = max(0, pension - int(ledger.figure(least, day)))
    for number in (1, 2, 3):
        if pension <= ledger.figure(f"income.pension_{number}_to", day):
            return min(income, _share(pension, f"income.pension_{number}", day, ledger))
    return pension - int(ledger.figure("income.pension_most", day))


def cut(amount: int, step: int) -> int:
    """`amount` cut down to a multiple of `step`."""
    return amount - amount % step


def _paid(person: Person, day: date, ledger: Ledger) -> tuple[int, int]:
    member, number = person.member, person.number
    salary = pension = 0
    if member.salary:
        salary = salary_income(member.salary, day, ledger)
        ledger.note("income.salary", salary, member=number, salary=member.salary)
    if member.pension:
        pension = _pension(member, person.senior, day, ledger)
        ledger.note("income.pension", pension, member=number, pension=member.pension)
    return salary, pension


def _pension(member: Member, senior: bool, day: date, ledger: Ledger) -> int:
    limit = ledger.figure("income.pension_other", day)
    if (member.income or 0) + (member.salary or 0) > limit:
        ledger.assume("income.pension_other", limit=limit)
    return pension_income(member.pension or 0, senior, day, ledger)


def _both(salary: int, pension: int, number: int, day: date, ledger: Ledger) -> int:
    """Salary income of somebody who also has a pension (所得金額調整控除)."""
    most = int(ledger.figure("income.both", day))
    deduction = max(0, min(salary, most) + min(pension, most) - most)
    if deduction:
        ledger.note("income.both", salary - deduction, member=number, deduction=deduction)
    return salary - deduction


def _brackets(day: date, ledger: Ledger) -> tuple[int, ...]:
    """Numbers of the brackets of a year. Raises `NotKnownYet` where there are none."""
    known = tuple(
        number
        for number in range(4)
        if ledger.tables.figures[f"income.salary_{number}_to"].on(day) is not None
    )
    if not known:
        raise NotKnownYet("income.salary_1_to", day)
    return known


def _share(amount: int, name: str, day: date, ledger: Ledger) -> int:
    percent: Amount = ledger.figure(f"{name}_percent", day)
    less = int(ledger.figure(f"{name}_less", day))
    return int(amount * Decimal(percent) // 100) - less
