"""How a figure is written in a language: yen, percent, days, dates, telephone numbers."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from bot.calculators.dated import Unit, Value

PLACEHOLDER = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)*)\}")
"""{deadlines.report} in an answer, {title} in a sentence of messages.yaml."""

_CLOSE_SET = ("ja", "zh")
_DURATIONS = {"days": "day", "months": "month", "years": "year"}


def locale_of(language: str) -> Locale:
    """Babel's locale for a language tag; English in day-month-year order, as residents read it."""
    return Locale.parse(
        "en_001" if language == "en" else language, sep="-" if "-" in language else "_"
    )


def write_figure(unit: Unit, value: Value, language: str, message: Callable[..., str]) -> str:
    """A value with its unit in a language.

    `message(id, amount=...)` gives the sentences "{amount} yen" and the like, which no library
    has for every language.
    """
    locale = locale_of(language)
    if isinstance(value, date) and unit == "month":
        return str(format_skeleton("yMMMM", value, locale=locale))
    if isinstance(value, date):
        return write_date(value, language)
    if isinstance(value, str):
        return value
    if unit == "percent":
        return str(format_percent(Decimal(value) / 100, format="#,##0.###%", locale=locale))
    if unit in _DURATIONS:
        written = _duration(value, f"duration-{_DURATIONS[unit]}", locale)
        return written.replace(" ", "") if locale.language in _CLOSE_SET else written
    amount = format_decimal(value, locale=locale)
    return message(f"unit.{unit}", amount=amount) if unit in ("yen", "age") else str(amount)


def _duration(value: int | Decimal, unit: str, locale: Locale) -> str:
    """CLDR leaves the long form out where it is the short one, and Babel then has no pattern."""
    long = format_unit(value, unit, "long", locale=locale)
    return format_unit(value, unit, "short", locale=locale) if unit in long else long


def write_date(day: date, language: str) -> str:
    """1 December 2025, 2025年12月1日, ..."""
    return str(format_date(day, "long", locale=locale_of(language)))
