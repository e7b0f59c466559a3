"""The answers of a dialog, and the world in which they are looked at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.calculators.dated import Tables

Value = str | int | tuple[str, ...] | None
"""An answer: a choice, day or month (text), a number, yen, several choices; None: skipped."""

Answers = Mapping[str, Value]
"""Key of a question ("place", "people.2.age") -> the answer."""

YES_NO = ("yes", "no")
SKIPPED = "skipped"
"""How a route calls an answer that was skipped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is looked at beside the answers."""

    tables: Tables
    today: date


def said(answers: Answers, name: str, wanted: str | tuple[str, ...]) -> bool:
    """Whether an answer was given, and is one of the wanted; of several choices, any."""
    if name not in answers:
        return False
    return any(one in listed(wanted) for one in as_values(answers[name]))


def as_values(value: Value) -> tuple[str, ...]:
    """An answer as routes call it: a choice, each of several, or `SKIPPED`."""
    return value if isinstance(value, tuple) else (SKIPPED if value is None else str(value),)


def listed(wanted: str | tuple[str, ...]) -> tuple[str, ...]:
    """One or several wanted values."""
    return (wanted,) if isinstance(wanted, str) else wanted


def members(answers: Answers, name: str) -> Iterator[dict[str, Value]]:
    """The answers of each member, in order."""
    count = answers.get(name)
    for number in range(1, count + 1) if isinstance(count, int) else ():
        prefix = f"{name}.{number}."
        yield {
            key[len(prefix) :]: value for key, value in answers.items() if key.startswith(prefix)
        }


def age_on(born: date, day: date) -> int:
    """Full years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def years_old(value: Value, today: date) -> int | None:
    """The age that an answer of type age means today: an age, or a date of birth."""
    if isinstance(value, int):
        return value
    born = as_day(value)
    return age_on(born, today) if born else None


def as_day(value: Value) -> date | None:
    """The day of an answer of type date; of a month, its first."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value if value.count("-") > 1 else f"{value}-01")
    except ValueError:
        return None
