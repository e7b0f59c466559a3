"""Closed days of banks and city offices, and periods counted the Japanese way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calculators.calendar import (
    DAY,
    banks_closed,
    city_closed,
    first_of_month,
    last_day,
    last_of_month,
    months_later,
    next_business_day,
    previous_business_day,
)
from bot.calculators.ledger import WrongQuestion

DAYS = st.dates(date(2000, 2, 1), date(2099, 11, 30))


@pytest.mark.parametrize(
    ("day", "banks", "city"),
    [
        (date(2026, 12, 28), False, False),
        (date(2026, 12, 29), False, True),
        (date(2026, 12, 30), False, True),
        (date(2026, 12, 31), True, True),
        (date(2027, 1, 1), True, True),
        (date(2028, 1, 3), True, True),  # a Monday
        (date(2027, 1, 4), False, False),
        (date(2026, 11, 21), True, True),  # Saturday
        (date(2026, 11, 23), True, True),  # Labour Thanksgiving Day
        (date(2026, 9, 22), True, True),  # between two national holidays
        (date(2026, 5, 6), True, True),  # in place of a holiday on a Sunday
        (date(2026, 11, 24), False, False),
    ],
)
def test_banks_and_city_offices_close_on_different_days(day: date, banks: bool, city: bool) -> None:
    assert (banks_closed(day), city_closed(day)) == (banks, city)


def test_the_year_ends_later_for_banks() -> None:
    last = date(2026, 12, 31)
    assert previous_business_day(last, banks_closed) == date(2026, 12, 30)
    assert previous_business_day(last, city_closed) == date(2026, 12, 28)
    assert next_business_day(last, banks_closed) == date(2027, 1, 4)
    assert next_business_day(date(2026, 11, 24), banks_closed) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("first", "length", "unit", "last"),
    [
        (date(2026, 10, 16), 2, "years", date(2028, 10, 15)),
        (date(2026, 12, 2), 14, "days", date(2026, 12, 15)),
        (date(2026, 9, 1), 2, "years", date(2028, 8, 31)),
        (date(2026, 2, 1), 1, "months", date(2026, 2, 28)),
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),  # no 31 February
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        (date(2026, 3, 1), 1, "months", date(2026, 3, 31)),
        (date(2024, 2, 29), 1, "years", date(2025, 2, 28)),
        (date(2024, 2, 29), 4, "years", date(2028, 2, 28)),
        (date(2026, 7, 1), 18, "months", date(2027, 12, 31)),
    ],
)
def test_periods_end_by_the_civil_code(first: date, length: int, unit: str, last: date) -> None:
    assert last_day(first, length, unit) == last  # type: ignore[arg-type]


def test_months_are_found_by_their_names() -> None:
    assert first_of_month("2026-08", "month") == date(2026, 8, 1)
    assert last_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
    assert months_later(date(2026, 8, 31), -6) == date(2026, 2, 28)
    for wrong in ("August", "2026-13", "2026-8-1", "1999-12", "2100-01"):
        with pytest.raises(WrongQuestion):
            first_of_month(wrong, "month")


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2100, 1, 1)])
def test_days_whose_holidays_nobody_knows_are_refused(day: date) -> None:
    with pytest.raises(WrongQuestion, match="between the years 2000 and 2099"):
        banks_closed(day)


def test_a_period_never_leaves_the_calendar_unnoticed() -> None:
    for length in (200, 20_000):
        with pytest.raises(WrongQuestion):
            last_day(date(2026, 1, 1), length, "years")


@given(DAYS)
def test_the_next_business_day_is_open_and_the_nearest(day: date) -> None:
    for closed in (banks_closed, city_closed):
        after = next_business_day(day, closed)
        assert not closed(after)
        assert after >= day
        assert all(closed(day + number * DAY) for number in range((after - day).days))
        before = previous_business_day(day, closed)
        assert not closed(before)
        assert (day - before).days < 12


@given(DAYS)
def test_when_banks_are_closed_city_offices_are(day: date) -> None:
    assert city_closed(day) or not banks_closed(day)


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)), st.integers(1, 200))
def test_one_period_follows_upon_another(first: date, months: int) -> None:
    last = last_day(first, months, "months")
    assert last < last_day(first, months + 1, "months")
    assert 28 * months - 1 <= (last - first).days <= 31 * months
    if first.day == 1:
        assert last_day(last + DAY, 1, "months") == last_day(first, months + 1, "months")
