"""The section `staff` of the configuration: who the consultants are, and when they are there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time
from typing import ClassVar, Literal

from bot.calculators.dated import STRICT
from bot.core.consultation.staffing import Desk, Hours, Span, Staff
from bot.loading.problems import Problem
from bot.loading.read import shape_part
from bot.loading.strict_yaml import Document

STAFF = "staff"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = "closed"

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """One more group, for some places and topics."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    chat_id: int
    places: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSettings:
    """The section as it is written."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    chat_id: int
    desks: tuple[DeskSettings, ...] = ()
    hours: dict[Weekday, str] = field(default_factory=dict)
    closed_days: tuple[date, ...] = ()
    language: Literal["ja", "en"] = "ja"
    claim_first: bool = False
    remind_minutes: int = 60
    digest: str = "9:00"
    administrators: tuple[int, ...] = ()


def read_staff(document: Document) -> tuple[Staff | None, list[Problem]]:
    """The consultants of a configuration, or every problem with the section."""
    settings, problems = shape_part(document, STAFF, StaffSettings)
    if settings is None:
        return None, problems
    problems += _wrong(document, settings)
    if problems:
        return None, problems
    others = [
        Desk(chat=one.chat_id, places=one.places, subjects=one.subjects) for one in settings.desks
    ]
    usual = Hours()
    week = tuple(
        _spans(settings.hours[day]) or () if day in settings.hours else usual.week[number]
        for number, day in enumerate(WEEKDAYS)
    )
    staff = Staff(
        desks=(*others, Desk(chat=settings.chat_id)),
        hours=Hours(week=week, closed=frozenset(settings.closed_days)),
        language=settings.language,
        claim_first=settings.claim_first,
        remind_minutes=settings.remind_minutes,
        digest=_time(settings.digest) or time(9),
        administrators=settings.administrators,
    )
    return staff, []


def _wrong(document: Document, settings: StaffSettings) -> Iterator[Problem]:
    for day, written in settings.hours.items():
        if _spans(written) is None:
            yield document.problem(
                (STAFF, "hours", day),
                f"{day}: {written!r} are no office hours.",
                f'Write "9:00-12:00, 13:00-17:00", or {CLOSED}.',
            )
    if _time(settings.digest) is None:
        what = f"digest: {settings.digest!r} is no time of day."
        yield document.problem((STAFF, "digest"), what, 'Write "9:00".')
    if settings.remind_minutes < 1:
        what = "remind_minutes: a number above 0 is expected."
        yield document.problem((STAFF, "remind_minutes"), what, "Write digits.")
    for at, chat in (
        ((STAFF, "chat_id"), settings.chat_id),
        *(((STAFF, "desks", index, "chat_id"), one.chat_id)
          for index, one in enumerate(settings.desks)),
    ):  # fmt: skip
        if chat >= 0:
            what = f"chat_id: {chat} is not a group; their numbers are negative."
            yield document.problem(at, what, "Add the bot to the group: it says its number there.")


def _spans(written: str) -> tuple[Span, ...] | None:
    """9:00-12:00, 13:00-17:00 -> its spans; None if it is not written so."""
    if written.strip() == CLOSED:
        return ()
    spans: list[Span] = []
    for part in written.split(","):
        start, end = (_time(one) for one in (*part.split("-"), "", "")[:2])
        after = not spans or (start is not None and spans[-1][1] <= start)
        if start is None or end is None or not (start < end or end == time(0)) or not after:
            return None
        spans.append((start, end))
    return tuple(spans)


def _time(written: str) -> time | None:
    """9:00 -> a time; 24:00 is midnight."""
    hour, _, minute = written.strip().partition(":")
    if not (hour.isascii() and hour.isdigit() and len(minute) == 2 and minute.isdigit()):
        return None
    if (hour, minute) == ("24", "00"):
        return time(0)
    return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None
