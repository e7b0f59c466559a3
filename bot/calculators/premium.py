"""The premium of National Health Insurance of a household for one fiscal year.

Each portion is income part + per-person amounts + per-household amount, as the pages of Hino,
Shinjuku, Narita and Setouchi show it. Order of the steps, which decides about single yen:

1. Income of each insured member less the basic deduction, times the rate, by insured months.
2. Per-person and per-household amounts less 70, 50 or 20 percent; of preschool children half of
   what is left, in the first two portions; by months. Months around a birth are left out here
   already, so that a household at the ceiling may see no change (Naruto City).
3. Each of the three parts is cut to whole yen, and they are added up.
4. The ceiling of the year, by months: a municipality takes the year's amount, at most the ceiling,
   times months / 12. So a household that is insured for 6 months pays at most half the ceiling.
5. The portion is cut down to a multiple of 1, 10 or 100 yen, as the municipality does it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from bot.calculators import household as members
from bot.calculators import reduction as reducing
from bot.calculators.dated import STRICT, Portion, Source, Tables
from bot.calculators.household import Member, Person, first_of, household
from bot.calculators.income import Earned, cut, earned
from bot.calculators.ledger import Ledger, Line, Sentences, WrongQuestion
from bot.calculators.rates import CAPS, CutTo, Key, Rates, rates_of
from bot.calculators.reduction import Reduction, reduction

COARSEST = 100
"""Where the cut is not confirmed, no municipality is known to cut to more than this, in yen."""

PARTS: Mapping[str, Literal["yen"]] = {
    "income_part": "yen",
    "per_person": "yen",
    "per_household": "yen",
}
STEPS: Sentences = {
    "premium.base": {"member": "count", "deduction": "yen"},
    **reducing.STEPS,
    **{f"premium.{key}": {**PARTS} for key in CAPS},
    "premium.ceiling": {"cap": "yen"},
    "premium.cut": {"cut_to": "yen"},
    "premium.months": {"months": "months"},
    "premium.exempt": {"member": "count", "months": "months"},
    "premium.total": {},
}
ASSUMPTIONS: Sentences = {
    **members.ASSUMPTIONS,
    **reducing.ASSUMPTIONS,
    "premium.none_is_zero": {},
    "premium.rounding": {"less": "yen"},
    "premium.city_decides": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumQuestion:
    """`place` (a municipality or a rate area) or `rates`; `cut_to` wins over the area's.

    `months` is the number of insured months of the whole household, instead of months of members.
    `special_persons`: further people who moved to the medical system for people aged 75 and over.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    fiscal_year: int
    members: tuple[Member, ...]
    place: str | None = None
    rates: Rates | None = None
    cut_to: CutTo | None = None
    months: int | None = None
    special_persons: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumResult:
    """Yen for the fiscal year. `months`: with at least one insured member.

    Without `official` say "about". The real amount may be up to `at_most_less` yen less where it
    is not confirmed how the municipality cuts: to 100 yen at most. `notes` are of the rate area.
    """

    total: int
    portions: dict[Key, int]
    reduction_percent: int
    months: int
    at_most_less: int
    official: bool
    notes: tuple[str, ...]
    lines: tuple[Line, ...]
    assumptions: tuple[Line, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Charged:
    """What every portion needs: people, the income that counts of each in yen, reduction."""

    people: tuple[Person, ...]
    bases: tuple[int, ...]
    reduced: Reduction
    halved: int
    waived: int


def premium(question: PremiumQuestion, tables: Tables) -> PremiumResult:
    """Work the premium out. Raises `WrongQuestion`, and `NotKnownYet` where a figure is missing."""
    ledger = Ledger(tables)
    day = first_of(question.fiscal_year)
    if question.special_persons < 0:
        raise WrongQuestion("special_persons: a number of 0 or more is expected.")
    rates, cut_to, notes = rates_of(question.place, question.rates, day, ledger)
    people = household(question.members, question.fiscal_year, question.months, ledger)
    incomes = tuple(_income(person, day, ledger) for person in people)
    reduced = reduction(people, incomes, question.special_persons, day, ledger)
    charged = Charged(
        people=people,
        bases=tuple(
            _base(person, income, day, ledger)
            for person, income in zip(people, incomes, strict=True)
        ),
        reduced=reduced,
        halved=_off(people, "preschool", "reductions.preschool", day, ledger),
        waived=_off(people, "child", "reductions.child_waiver", day, ledger),
    )
    months = len(frozenset[int]().union(*(person.months for person in people)))
    ledger.note("premium.months", months=months)
    for person in people:
        if person.exempt:
            ledger.note("premium.exempt", member=person.number, months=len(person.exempt))
    portions = {key: _portion(key, rate, charged, ledger) for key, rate in rates.items()}
    return _result(portions, question.cut_to or cut_to, reduced.percent, months, notes, ledger)


def cut_portion(yen: int, cut_to: CutTo | None) -> int:
    """A portion cut down to a multiple of `cut_to` yen; to 1 yen where that is not confirmed."""
    return cut(yen, cut_to or 1)


def whole(yen: Decimal | int, divisor: int) -> int:
    """`yen` / `divisor`, fractions of a yen dropped."""
    return int(yen // divisor)


def _income(person: Person, day: date, ledger: Ledger) -> Earned:
    """Nothing for people whose income counts for nothing."""
    member = person.member
    if person.months or member.head or member.moved_to_elderly:
        if member.income is None and member.salary is None and member.pension is None:
            ledger.assume("premium.none_is_zero")
        return earned(person, day, ledger)
    return Earned()


def _base(person: Person, income: Earned, day: date, ledger: Ledger) -> int:
    """What the income rate is taken of: income less the basic deduction."""
    if not person.months or not income.total:
        return 0
    deduction = basic_deduction(income.total, day, ledger)
    base = max(0, income.total - deduction)
    ledger.note("premium.base", base, member=person.number, deduction=deduction)
    return base


def basic_deduction(income: int, day: date, ledger: Ledger) -> int:
    """The basic deduction in yen; it becomes smaller for high incomes (Hayama Town)."""
    if income <= ledger.figure("levy.deduction_shrinks", day):
        return int(ledger.figure("levy.basic_deduction", day))
    if income <= ledger.figure("levy.deduction_shrinks_again", day):
        return int(ledger.figure("levy.deduction_middle", day))
    if income <= ledger.figure("levy.deduction_ends", day):
        return int(ledger.figure("levy.deduction_low", day))
    return 0


def _off(people: tuple[Person, ...], who: str, figure: str, day: date, ledger: Ledger) -> int:
    """Percent off the per-person amount of some children; looked up only if there are any."""
    found = any(getattr(person, who) for person in people)
    return int(ledger.figure(figure, day)) if found else 0


def _portion(key: Key, rate: Portion, charged: Charged, ledger: Ledger) -> int:
    """One portion in whole yen, at most its ceiling. Amounts below are yen times months."""
    left = 100 - charged.reduced.percent
    income = persons = 0
    insured: set[int] = set()
    for person, base in zip(charged.people, charged.bases, strict=True):
        months = person.nursing if key == "nursing_care_40_64" else person.months
        insured |= months
        paid = len(months - person.exempt)
        income += base * paid
        persons += rate.per_person * paid * (100 - _percent_off(key, person, charged))
    parts = {
        "income_part": whole(income * Decimal(rate.income_percent), 1200),
        "per_person": whole(persons * left, 120000),
        "per_household": whole(rate.per_household * len(insured) * left, 1200),
    }
    cap = rate.cap * len(insured) // 12
    yen = sum(parts.values())
    if insured:
        ledger.note(f"premium.{key}", yen, **parts)
    if yen > cap:
        ledger.note("premium.ceiling", cap, cap=rate.cap)
    return min(yen, cap)


def _percent_off(key: Key, person: Person, charged: Charged) -> int:
    """Percent off a child's per-person amount, after the reduction by income."""
    if key == "child_support":
        return charged.waived if person.child else 0
    if key == "nursing_care_40_64":
        return 0
    return charged.halved if person.preschool else 0


def _result(
    portions: dict[Key, int],
    cut_to: CutTo | None,
    percent: int,
    months: int,
    notes: tuple[str, ...],
    ledger: Ledger,
) -> PremiumResult:
    final = {key: cut_portion(yen, cut_to) for key, yen in portions.items()}
    less = 0 if cut_to else sum(yen % COARSEST for yen in final.values())
    total = sum(final.values())
    if cut_to and cut_to > 1:
        ledger.note("premium.cut", total, cut_to=cut_to)
    ledger.note("premium.total", total)
    if less:
        ledger.assume("premium.rounding", less=less)
    ledger.assume("premium.city_decides")
    return PremiumResult(
        total=total,
        portions=final,
        reduction_percent=percent,
        months=months,
        at_most_less=less,
        official=all(source.official for source in ledger.sources),
        notes=notes,
        lines=tuple(ledger.lines),
        assumptions=tuple(dict.fromkeys(ledger.assumptions)),
        sources=tuple(ledger.sources),
    )
