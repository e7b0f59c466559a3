"""Due dates of the premium: the calendar of fiscal year 2026, and what always holds."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.calculators.calendar import banks_closed
from bot.calculators.due_dates import (
    ASSUMPTIONS,
    STEPS,
    DueDatesQuestion,
    DueDatesResult,
    divide,
    due_dates,
)
from bot.calculators.ledger import WrongQuestion
from bot.loading.calculating import tables_of
from bot.loading.library import read_library
from tests.conftest import ROOT

TABLES = tables_of(read_library(ROOT / "intents"))
READ = TypeAdapter(DueDatesQuestion)
MUNICIPALITIES = sorted(name for name, one in TABLES.places.items() if one.instalments)
YEAR_2026 = [
    date(2026, 6, 30),
    date(2026, 7, 31),
    date(2026, 8, 31),
    date(2026, 9, 30),
    date(2026, 11, 2),
    date(2026, 11, 30),
    date(2026, 12, 30),
    date(2027, 2, 1),
    date(2027, 3, 1),
    date(2027, 3, 31),
]


def answer(**question: object) -> DueDatesResult:
    return due_dates(READ.validate_python({"fiscal_year": 2026, **question}), TABLES)


def dates(found: DueDatesResult) -> list[date]:
    return [one.due for one in found.instalments]


def assumptions(found: DueDatesResult) -> list[str]:
    return [line.step.removeprefix("due_dates.") for line in found.assumptions]


def in_december(found: DueDatesResult) -> date:
    return next(one.due for one in found.instalments if one.month.endswith("-12"))


def test_kumamoto_in_fiscal_year_2026() -> None:
    """By account transfer; in December on the last business day of banks in the year."""
    found = answer(place="kumamoto_kumamoto")
    assert dates(found) == YEAR_2026
    assert [one.month for one in found.instalments][0::9] == ["2026-06", "2027-03"]
    assert all(one.certain for one in found.instalments)
    assert "december_last_business_day" in assumptions(found)


def test_hino_pays_nine_times_and_december_is_not_confirmed() -> None:
    found = answer(place="tokyo_hino")
    assert dates(found) == [*YEAR_2026[1:6], date(2026, 12, 25), *YEAR_2026[7:]]
    assert [one.number for one in found.instalments if not one.certain] == [6]
    december = next(line for line in found.assumptions if line.step == "due_dates.december")
    assert december.values == (("day", date(2027, 1, 4)),)


@pytest.mark.parametrize(
    ("place", "december"),
    [
        ("tokyo_bunkyo", date(2027, 1, 4)),
        ("chiba_kashiwa", date(2026, 12, 25)),
        ("hokkaido_sapporo", date(2026, 12, 25)),
        ("osaka_osaka", date(2026, 12, 25)),
    ],
)
def test_the_other_places_differ_in_december_only(place: str, december: date) -> None:
    assert dates(answer(place=place)) == [*YEAR_2026[:6], december, *YEAR_2026[7:]]


def test_places_whose_page_nobody_has_seen_are_not_certain() -> None:
    found = answer(place="tokyo_bunkyo")
    assert not any(one.certain for one in found.instalments)
    assert "not_official" in assumptions(found)


def test_sapporo_in_fiscal_year_2023() -> None:
    """The list of the city; its 29 December stands here as the earliest likely day."""
    found = answer(place="hokkaido_sapporo", fiscal_year=2023)
    published = [(6, 30), (7, 31), (8, 31), (10, 2), (10, 31), (11, 30), (12, 29)]
    expected = [date(2023, *one) for one in published]
    expected += [date(2024, 1, 31), date(2024, 2, 29), date(2024, 4, 1)]
    assert in_december(found) == date(2023, 12, 25)
    assert [one for one in dates(found) if one.month != 12] == expected[:6] + expected[7:]
    assert "other_year" in assumptions(found)
    assert "other_year" not in assumptions(answer(place="hokkaido_sapporo"))


def test_an_unconfirmed_december_is_on_a_business_day_too() -> None:
    assert in_december(answer(place="chiba_kashiwa", fiscal_year=2027)) == date(2027, 12, 27)


def test_the_example_of_shinjuku() -> None:
    """Shinjuku City, hoken01_002029: 165,748 yen in ten instalments, the first 16,618 yen."""
    found = answer(place="tokyo_shinjuku", fiscal_year=2022, amount=165_748)
    assert [one.amount for one in found.instalments] == [16_618, *[16_570] * 9]
    assert found.total == 165_748
    assert "unit" not in assumptions(found)
    assert "unit" in assumptions(answer(place="tokyo_hino", amount=165_748))


def test_a_notice_can_be_given_instead_of_a_place() -> None:
    found = answer(count=3, first_month=12, amount=30_000)
    assert [one.month for one in found.instalments] == ["2026-12", "2027-01", "2027-02"]
    assert [one.amount for one in found.instalments] == [10_000] * 3
    assert not found.instalments[0].certain
    assert found.instalments[1].certain
    last = answer(count=1, first_month=3)
    assert [one.due for one in last.instalments] == [date(2027, 3, 31)]
    assert answer(count=12, first_month=4).instalments[0].month == "2026-04"


def test_the_next_one_and_those_before_today() -> None:
    found = answer(place="kumamoto_kumamoto", today="2026-11-02")
    assert (found.next, found.overdue) == (5, (1, 2, 3, 4))
    assert "may_be_paid" in assumptions(found)
    after = answer(place="kumamoto_kumamoto", today="2027-04-01")
    assert (after.next, len(after.overdue)) == (None, 10)
    assert answer(place="kumamoto_kumamoto").next is None


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({}, "name a municipality"),
        ({"count": 4}, "name a municipality"),
        ({"place": "tokyo_hino", "count": 4}, "instead of place"),
        ({"place": "atlantis"}, "'atlantis' are not known"),
        ({"place": "kumamoto_support_center"}, "are not known"),
        ({"count": 5, "first_month": 12}, "to March there are 4 months"),
        ({"count": 0, "first_month": 12}, "to March there are 4 months"),
        ({"count": 1, "first_month": 13}, "from 1 to 12"),
        ({"place": "tokyo_hino", "amount": -1}, "0 yen or more"),
        ({"place": "tokyo_hino", "fiscal_year": 1990}, "fiscal_year"),
        ({"place": "tokyo_hino", "fiscal_year": 2099}, "fiscal_year"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    question: dict[str, object], says: str
) -> None:
    with pytest.raises(WrongQuestion, match=says):
        answer(**question)


@given(st.integers(0, 1_130_000), st.integers(1, 12), st.sampled_from([1, 10, 100, 1000]))
def test_instalments_add_up(amount: int, count: int, unit: int) -> None:
    parts = divide(amount, count, unit)
    assert (len(parts), sum(parts)) == (count, amount)
    assert all(part == parts[-1] and part % unit == 0 for part in parts[1:])
    assert parts[0] >= parts[-1] >= 0


@given(st.sampled_from(MUNICIPALITIES), st.integers(2015, 2097), st.integers(0, 1_130_000))
def test_what_always_holds(place: str, fiscal_year: int, amount: int) -> None:
    today = date(fiscal_year, 12, 1)
    found = answer(place=place, fiscal_year=fiscal_year, amount=amount, today=today)
    due = dates(found)
    assert not any(banks_closed(day) for day in due)
    assert all(one < after for one, after in pairwise(due))
    assert date(fiscal_year, 6, 28) <= due[0]
    assert due[-1] <= date(fiscal_year + 1, 4, 5)
    assert sum(one.amount or 0 for one in found.instalments) == found.total == amount
    assert [one.number for one in found.instalments] == list(range(1, len(due) + 1))
    assert found.next == len(found.overdue) + 1
    assert all(set(dict(line.values)) == set(STEPS[line.step]) for line in found.lines)
    assert all(set(dict(line.values)) == set(ASSUMPTIONS[line.step]) for line in found.assumptions)


def test_every_municipality_of_the_rates_has_its_instalments() -> None:
    assert len(MUNICIPALITIES) == 36
    assert all(TABLES.places[name].premium_rates in TABLES.rates for name in MUNICIPALITIES)
