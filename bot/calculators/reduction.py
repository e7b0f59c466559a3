"""The reduction of 70, 50 or 20 percent of the per-person and per-household amounts.

It goes by the income of the head of household, insured or not, of all insured members, and of
people who moved to the medical system for people aged 75 and over and still live there (Sapporo
City). It is judged as of 1 April, or the day of joining for a household that joins later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.calculators.household import Person
from bot.calculators.income import Earned
from bot.calculators.ledger import Ledger, Sentences

STEPS: Sentences = {
    "premium.judged": {"members": "count"},
    "premium.limits": {"limit_70": "yen", "limit_50": "yen", "limit_20": "yen"},
    "premium.reduction": {"percent": "percent"},
    "premium.no_reduction": {},
}
ASSUMPTIONS: Sentences = {
    "premium.declared": {"age": "age"},
    "premium.head_insured": {},
    "premium.judged_at_start": {},
    "premium.no_earner": {},
    "premium.no_pension_in_income": {},
    "premium.special_people": {},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduction:
    """`percent` off: 70, 50, 20 or 0. `income` in yen is what decided, of `count` members."""

    percent: int
    income: int
    count: int


Judged = Sequence[tuple[Person, Earned]]


def reduction(
    people: Sequence[Person], incomes: Sequence[Earned], special: int, day: date, ledger: Ledger
) -> Reduction:
    """Find the reduction of a household for the fiscal year that begins on `day`."""
    start = min(min(person.months) for person in people if person.months)
    judged = [
        (person, income)
        for person, income in zip(people, incomes, strict=True)
        if start in person.months or person.member.head or person.member.moved_to_elderly
    ]
    count = special + sum(
        start in person.months or person.member.moved_to_elderly for person, _ in judged
    )
    total = sum(_counted(person, income, day, ledger) for person, income in judged)
    ledger.note("premium.judged", total, members=count)
    limits = _limits(judged, total, count, day, ledger)
    ledger.note("premium.limits", None, **limits)
    percent = _percent(total, limits, day, ledger)
    if percent:
        ledger.note("premium.reduction", percent=percent)
    else:
        ledger.note("premium.no_reduction")
    _assume(people, judged, start, special, day, ledger)
    return Reduction(percent=percent, income=total, count=count)


def _counted(person: Person, income: Earned, day: date, ledger: Ledger) -> int:
    """Yen of one person that decide: pension income of people of 65 and over counts less."""
    if not person.senior or not income.pension:
        return income.total
    relief = int(ledger.figure("reductions.pension_relief", day))
    return income.total - min(income.pension, relief)


def _limits(judged: Judged, total: int, count: int, day: date, ledger: Ledger) -> dict[str, int]:
    base = int(ledger.figure("reductions.line_base", day))
    line_50 = int(ledger.figure("reductions.line_50", day)) * count
    line_20 = int(ledger.figure("reductions.line_20", day)) * count
    base += _for_earners(judged, total - base - line_20, day, ledger)
    return {"limit_70": base, "limit_50": base + line_50, "limit_20": base + line_20}


def _for_earners(judged: Judged, above: int, day: date, ledger: Ledger) -> int:
    """Yen added to every limit for each earner after the first; `above` the highest limit.

    Who is an earner is looked up only where it can matter: those lines are not confirmed by a page
    of an office, and must not make "about" of a result that does not depend on them.
    """
    possible = [
        person
        for person, _ in judged
        if (person.member.salary or person.member.pension or person.member.earner)
        and person.member.earner is not False
    ]
    if len(possible) < 2:
        return 0
    step = int(ledger.figure("reductions.earner_step", day))
    most = step * (len(possible) - 1)
    if above > most:
        return most
    earners = sum(_is_earner(person, day, ledger) for person in possible)
    return step * max(0, earners - 1)


def _is_earner(person: Person, day: date, ledger: Ledger) -> bool:
    member = person.member
    if member.earner is not None:
        return member.earner
    if (member.salary or 0) > ledger.figure("reductions.earner_salary", day):
        return True
    line = "reductions.earner_pension_old" if person.senior else "reductions.earner_pension_young"
    return bool(member.pension) and (member.pension or 0) > ledger.figure(line, day)


def _percent(total: int, limits: dict[str, int], day: date, ledger: Ledger) -> int:
    for limit, figure in (
        ("limit_70", "reductions.highest"),
        ("limit_50", "reductions.middle"),
        ("limit_20", "reductions.lowest"),
    ):
        if total <= limits[limit]:
            return int(ledger.figure(figure, day))
    return 0


def _assume(
    people: Sequence[Person], judged: Judged, start: int, special: int, day: date, ledger: Ledger
) -> None:
    ledger.assume("premium.declared", age=int(ledger.figure("reductions.declare_age", day)))
    if not any(person.member.head for person in people):
        ledger.assume("premium.head_insured")
    if any(person.months and start not in person.months for person in people):
        ledger.assume("premium.judged_at_start")
    plain = [
        person
        for person, _ in judged
        if person.member.income and not (person.member.salary or person.member.pension)
    ]
    if len(plain) > 1 and any(person.member.earner is None for person in plain):
        ledger.assume("premium.no_earner")
    if any(person.senior for person in plain):
        ledger.assume("premium.no_pension_in_income")
    if special or any(person.member.moved_to_elderly for person in people):
        ledger.assume("premium.special_people")
