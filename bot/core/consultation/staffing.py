"""Who answers when: the staff's groups, and their office hours with Japanese holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import jpholiday

from bot.core.events import JAPAN

Span = tuple[time, time]

LOOK_AHEAD_DAYS = 60
"""Further than this no opening is promised."""

MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A group of consultants, and for which places and topics it is (none: for all)."""

    chat: int
    places: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()

    def serves(self, place: str | None, subject: str | None) -> bool:
        """Whether a consultation belongs here."""
        here = not self.places or place in self.places
        return here and (not self.subjects or subject in self.subjects)


WEEKDAYS = ((time(9), time(17)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Office hours in Japan time by weekday, Monday first; holidays and `closed` are days off."""

    week: tuple[tuple[Span, ...], ...] = (WEEKDAYS,) * 5 + ((),) * 2
    closed: frozenset[date] = frozenset()

    def on(self, day: date) -> tuple[Span, ...]:
        """When the office is open on a day."""
        return () if self.is_day_off(day) else self.week[day.weekday()]

    def is_day_off(self, day: date) -> bool:
        """A public holiday, or one of the office's own: 29 December to 3 January too."""
        year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return year_end or day in self.closed or jpholiday.is_holiday(day)

    def closes(self, at: datetime) -> datetime | None:
        """The end of the hours in which a moment lies; None if the office is closed then."""
        here = at.astimezone(JAPAN)
        for start, end in self._spans(here.date(), 1):
            if start <= here < end:
                return end
        return None

    def opens(self, at: datetime) -> datetime | None:
        """When the office opens next; None if that is too far away to promise."""
        here = at.astimezone(JAPAN)
        starts = (start for start, _ in self._spans(here.date(), LOOK_AHEAD_DAYS) if start > here)
        return next(starts, None)

    def day_off_before(self, at: datetime, opens: datetime) -> date | None:
        """The first day off that keeps the office closed on a day on which it would be open."""
        day = at.astimezone(JAPAN).date()
        while day < opens.date():
            if self.week[day.weekday()] and self.is_day_off(day):
                return day
            day += timedelta(days=1)
        return None

    def minutes(self, since: datetime, until: datetime) -> int:
        """Whole minutes of office hours between two moments."""
        first, last = since.astimezone(JAPAN), until.astimezone(JAPAN)
        total = timedelta()
        for start, end in self._spans(first.date(), (last.date() - first.date()).days + 1):
            total += max(timedelta(), min(end, last) - max(start, first))
        return int(total.total_seconds() // 60)

    def after(self, since: datetime, minutes: int) -> datetime:
        """The moment at which so many minutes of office hours have passed."""
        left = timedelta(minutes=minutes)
        here = since.astimezone(JAPAN)
        for start, end in self._spans(here.date(), LOOK_AHEAD_DAYS):
            begin = max(start, here)
            if end > begin:
                if end - begin >= left:
                    return begin + left
                left -= end - begin
        return here + timedelta(days=LOOK_AHEAD_DAYS)

    def _spans(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        for number in range(max(0, days)):
            day = first + timedelta(days=number)
            for start, end in self.on(day):
                ends = day + timedelta(days=end == MIDNIGHT)
                yield datetime.combine(day, start, JAPAN), datetime.combine(ends, end, JAPAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The consultants: their desks (the last serves what no other does), hours and language.

    `claim_first`: what they write stays inside until one of them has taken the consultation.
    `remind_minutes` of office hours without an answer bring a consultation up again.
    """

    desks: tuple[Desk, ...]
    hours: Hours = Hours()
    language: str = "ja"
    claim_first: bool = False
    remind_minutes: int = 60
    digest: time = time(9)
    administrators: tuple[int, ...] = ()

    def desk(self, place: str | None, subject: str | None) -> Desk:
        """The desk for a consultation."""
        return next((one for one in self.desks if one.serves(place, subject)), self.desks[-1])
