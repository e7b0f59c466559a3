"""Days on which banks and city offices are closed, and periods counted the Japanese way.

Banks: Banking Act Enforcement Order, article 5. City offices: Local Autonomy Act, article 4-2.
Periods: Civil Code, articles 140 and 143. National holidays are those of `jpholiday`; in the
years that are not announced yet, the two equinox days are computed.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

import jpholiday

from bot.calculators.ledger import WrongQuestion

FIRST_YEAR = 2000
LAST_YEAR = 2099
"""Years of which the holidays can be known well enough."""

DAY = timedelta(days=1)
SATURDAY = 5

Closed = Callable[[date], bool]
"""Whether a kind of office is closed on a day."""

Period = Literal["days", "months", "years"]


def banks_closed(day: date) -> bool:
    """Saturdays, Sundays, national holidays, and 31 December to 3 January."""
    return _rest_day(day) or (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}


def city_closed(day: date) -> bool:
    """Saturdays, Sundays, national holidays, and 29 December to 3 January."""
    return banks_closed(day) or (day.month, day.day) in {(12, 29), (12, 30)}


def next_business_day(day: date, closed: Closed) -> date:
    """The day itself if the office is open, else the first open day after it."""
    while closed(day):
        day += DAY
    return day


def previous_business_day(day: date, closed: Closed) -> date:
    """The day itself if the office is open, else the last open day before it."""
    while closed(day):
        day -= DAY
    return day


def last_of_month(day: date) -> date:
    """The last day of the month in which a day lies."""
    return months_later(day.replace(day=1), 1) - DAY


def months_later(first: date, months: int) -> date:
    """The same day of another month; a day that it does not have becomes its last one."""
    year, month = _month(first, months)
    while True:
        try:
            return first.replace(year=year, month=month)
        except ValueError:
            first -= DAY


def last_day(first: date, length: int, unit: Period) -> date:
    """The last day of a period whose first counted day is `first`.

    Months and years end on the day before the corresponding day, and on the last day of a month
    that has no corresponding day. From an event whose day is not counted, start on the next day:
    two years from 15 October 2026 begin on the 16th and end on 15 October 2028.
    """
    if unit == "days":
        return known(first + (length - 1) * DAY)
    months = length * 12 if unit == "years" else length
    corresponding = known(months_later(first, months))
    if corresponding.day != first.day:
        return corresponding
    return corresponding - DAY


def first_of_month(month: str, field: str) -> date:
    """2026-08 -> 1 August 2026. Raises `WrongQuestion`, which names the field."""
    try:
        return known(date.fromisoformat(f"{month}-01"))
    except WrongQuestion:
        raise
    except ValueError:
        raise WrongQuestion(f"{field}: {month!r} is not a month. Write it as 2026-08.") from None


def known(day: date) -> date:
    """The day itself, if holidays around it can be known. Raises `WrongQuestion`."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WrongQuestion(
            f"{day}: a day between the years {FIRST_YEAR} and {LAST_YEAR} is expected."
        )
    return day


def _rest_day(day: date) -> bool:
    return known(day).weekday() >= SATURDAY or jpholiday.is_holiday(day)


def _month(first: date, months: int) -> tuple[int, int]:
    """The year and the month that lie so many months later."""
    years, month = divmod(first.month - 1 + months, 12)
    if not 1 <= first.year + years <= 9999:
        raise WrongQuestion(f"{months} months from {first} lie outside the calendar.")
    return first.year + years, month + 1
