"""Who is in a household, and in which months of a fiscal year each member counts for what.

Months are numbered from April (0) to March (11). By the law of ages somebody reaches an age on the
day before the birthday; the medical system for people aged 75 and over begins on the birthday.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from bot.calculators.dated import STRICT
from bot.calculators.ledger import Ledger, Sentences, WrongQuestion

YEAR = range(12)
AFTER_BIRTH = 2
"""Exempt months around a birth end with the second month after it (Naruto City)."""
OLDEST = 120
YEARS = range(2022, 2100)
"""Fiscal years that make sense; whether there are figures for one is another question."""

ASSUMPTIONS: Sentences = {
    "premium.age_all_year": {},
    "premium.age_turns": {"age": "age"},
    "premium.last_months": {"months": "months"},
    "premium.childbirth": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Childbirth:
    """The month in which a child is due or was born, as 2026-10; `multiple`: twins and more."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    month: str
    multiple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of the household; amounts are yen of the calendar year before.

    `age` holds for the whole fiscal year; `born` is exact. `salary` and `pension` (public) are
    gross, `income` is income after deductions; they are added up. `insured`: in National Health
    Insurance; an uninsured `head` counts for the reduction only, and so does who
    `moved_to_elderly` (特定同一世帯所属者). `from_month` and `until_month` are the first and the
    last insured month, as 2026-07.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    age: int | None = None
    born: date | None = None
    income: int | None = None
    salary: int | None = None
    pension: int | None = None
    earner: bool | None = None
    insured: bool = True
    head: bool = False
    moved_to_elderly: bool = False
    preschool: bool | None = None
    lost_job: bool = False
    from_month: str | None = None
    until_month: str | None = None
    childbirth: Childbirth | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member with what follows from age and months; `number` counts from 1.

    `months`: insured; `nursing`: with the nursing-care portion; `exempt`: around a birth.
    `senior`: 65 or over at the end of the year of the income.
    """

    number: int
    member: Member
    months: frozenset[int] = frozenset()
    nursing: frozenset[int] = frozenset()
    exempt: frozenset[int] = frozenset()
    child: bool = False
    preschool: bool = False
    senior: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """The ages that matter in a fiscal year that begins on `start`; None: no such rule then."""

    start: date
    elderly: int
    nursing: int
    nursing_end: int
    senior: int
    child: int | None
    preschool: int | None


def first_of(fiscal_year: int) -> date:
    """1 April of a fiscal year. Raises `WrongQuestion`."""
    if fiscal_year not in YEARS:
        raise WrongQuestion(
            f"fiscal_year: {fiscal_year} is not a fiscal year that we know. Write it as 2026."
        )
    return date(fiscal_year, 4, 1)


def household(
    members: Iterable[Member], fiscal_year: int, months: int | None, ledger: Ledger
) -> tuple[Person, ...]:
    """Everybody with the months that count. Raises `WrongQuestion`."""
    members = tuple(members)
    for index, member in enumerate(members):
        _check(member, f"members.{index}")
    _check_together(members, months)
    ages = _ages(first_of(fiscal_year), ledger)
    people = tuple(
        _person(member, index, months, ages, ledger) for index, member in enumerate(members)
    )
    if not any(person.months for person in people):
        raise WrongQuestion(
            "members: nobody is insured in this fiscal year. "
            "Give at least one member under 75 with insured: true."
        )
    _assume(people, months, ledger)
    return people


def reached(born: date, age: int) -> date:
    """The day on which somebody reaches an age by law: the day before the birthday."""
    return birthday(born, age) - timedelta(days=1)


def birthday(born: date, age: int) -> date:
    """The birthday at an age; 1 March for people born on 29 February where there is none."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _ages(start: date, ledger: Ledger) -> Ages:
    def maybe(name: str) -> int | None:
        known = ledger.tables.figures[name].on(start)
        return int(ledger.figure(name, start)) if known else None

    return Ages(
        start=start,
        elderly=int(ledger.figure("ages.elderly", start)),
        nursing=int(ledger.figure("ages.nursing", start)),
        nursing_end=int(ledger.figure("ages.nursing_end", start)),
        senior=int(ledger.figure("reductions.pension_relief_age", start)),
        child=maybe("levy.child_age"),
        preschool=maybe("reductions.preschool_age"),
    )


def _person(member: Member, index: int, months: int | None, ages: Ages, ledger: Ledger) -> Person:
    where = f"members.{index}"
    insured = _insured(member, where, months, ages)
    return Person(
        number=index + 1,
        member=member,
        months=insured,
        nursing=insured & _nursing(member, ages),
        exempt=insured & _around_birth(member, where, ages.start, ledger),
        child=bool(insured) and _until_march(member, ages.child, ages.start),
        preschool=bool(insured) and _preschool(member, where, ages),
        senior=_senior(member, ages),
    )


def _insured(member: Member, where: str, months: int | None, ages: Ages) -> frozenset[int]:
    if not member.insured:
        return frozenset()
    if (member.age or 0) >= ages.elderly:
        raise WrongQuestion(
            f"{where}.age: from {ages.elderly} on nobody is in National Health Insurance. "
            "Write insured: false."
        )
    year = ages.start.year
    first = 12 - months if months else 0
    last = 11
    if member.from_month:
        first = _month(member.from_month, f"{where}.from_month", year, inside=True)
    if member.until_month:
        last = _month(member.until_month, f"{where}.until_month", year, inside=True)
    if first > last:
        raise WrongQuestion(f"{where}.until_month: it is before from_month. Exchange them.")
    if member.born:
        first = max(first, _number(member.born, year))
        last = min(last, _number(birthday(member.born, ages.elderly), year) - 1)
    return frozenset(range(first, last + 1))


def _nursing(member: Member, ages: Ages) -> frozenset[int]:
    """From the month in which 40 is reached until the one before 65 is reached (Hino City)."""
    if member.born is None:
        inside = ages.nursing <= (member.age or 0) < ages.nursing_end
        return frozenset(YEAR) if inside else frozenset()
    first = _number(reached(member.born, ages.nursing), ages.start.year)
    last = _number(reached(member.born, ages.nursing_end), ages.start.year) - 1
    return frozenset(range(max(first, 0), min(last, 11) + 1))


def _around_birth(member: Member, where: str, start: date, ledger: Ledger) -> frozenset[int]:
    if member.childbirth is None:
        return frozenset()
    ledger.assume("premium.childbirth")
    multiple = "_multiple" if member.childbirth.multiple else ""
    count = int(ledger.figure(f"reductions.childbirth_months{multiple}", start))
    where = f"{where}.childbirth.month"
    last = _month(member.childbirth.month, where, start.year) + AFTER_BIRTH
    return frozenset(range(max(0, last - count + 1), min(last, 11) + 1))


def _until_march(member: Member, age: int | None, start: date) -> bool:
    """Whether the first 31 March after an age is reached does not lie before the fiscal year."""
    if age is None:
        return False
    if member.born is None:
        return (member.age or 0) < age
    return reached(member.born, age) >= start


def _preschool(member: Member, where: str, ages: Ages) -> bool:
    if member.preschool and (member.age or 0) > (ages.preschool or 0):
        raise WrongQuestion(
            f"{where}.preschool: a child of {member.age} is in school. Leave preschool out."
        )
    if member.preschool is None:
        return _until_march(member, ages.preschool, ages.start)
    return member.preschool


def _senior(member: Member, ages: Ages) -> bool:
    if member.born is None:
        return (member.age or 0) >= ages.senior
    return reached(member.born, ages.senior) < date(ages.start.year, 1, 1)


def _number(day: date, fiscal_year: int) -> int:
    return (day.year - fiscal_year) * 12 + day.month - 4


def _month(text: str, where: str, fiscal_year: int, *, inside: bool = False) -> int:
    try:
        number = _number(date.fromisoformat(f"{text}-01"), fiscal_year)
    except ValueError:
        raise WrongQuestion(f"{where}: {text!r} is not a month. Write it as 2026-07.") from None
    if inside and number not in YEAR:
        raise WrongQuestion(
            f"{where}: {text} is outside the fiscal year. "
            f"Write a month from {fiscal_year}-04 to {fiscal_year + 1}-03."
        )
    return number


def _check(member: Member, where: str) -> None:
    for name in ("income", "salary", "pension"):
        if (getattr(member, name) or 0) < 0:
            raise WrongQuestion(f"{where}.{name}: yen of 0 or more are expected.")
    if member.age is not None and not 0 <= member.age <= OLDEST:
        raise WrongQuestion(f"{where}.age: {member.age} is not an age. Write 0 to {OLDEST}.")
    if member.age is not None and member.born is not None:
        raise WrongQuestion(f"{where}: age and born are both given. Leave one of them out.")
    if member.age is None and member.born is None and (member.insured or member.pension):
        raise WrongQuestion(f"{where}: the age is missing. Give age or born.")
    if member.insured and member.moved_to_elderly:
        raise WrongQuestion(
            f"{where}: who moved to the system for people of 75 is not insured here. "
            "Write insured: false."
        )


def _check_together(members: tuple[Member, ...], months: int | None) -> None:
    if not members:
        raise WrongQuestion("members: nobody is given. Give at least one member.")
    if sum(member.head for member in members) > 1:
        raise WrongQuestion("members: a household has one head. Write head: true once.")
    if months is None:
        return
    if not 1 <= months <= 12:
        raise WrongQuestion(f"months: {months} is not possible. Write 1 to 12.")
    if any(member.from_month or member.until_month for member in members):
        raise WrongQuestion(
            "months: from_month or until_month is given too. Use one way or the other."
        )


def _assume(people: Iterable[Person], months: int | None, ledger: Ledger) -> None:
    insured = [person.member for person in people if person.months]
    if any(member.born is None for member in insured):
        ledger.assume("premium.age_all_year")
    for age in (6, 18):
        if any(member.age == age and member.preschool is None for member in insured):
            ledger.assume("premium.age_turns", age=age)
    by_month = any(member.born or member.childbirth for member in insured)
    if months is not None and months < 12 and by_month:
        ledger.assume("premium.last_months", months=months)
