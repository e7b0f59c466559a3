"""Reminders: what is to be said how many days before a day, and when somebody is woken for it.

The session holds what is to be said; a wake-up only says that it is time to look. So a reminder
that was removed stays silent, one that is late says what is true then, and two that come together
after a standstill are said once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.core.dialogs.finding import Due
from bot.core.effects import Effect, Remind, WakeLater
from bot.core.events import JAPAN, ReminderDue, day_in_japan
from bot.core.session import Reminder, Session

DAYS_BEFORE = (7, 2, 0)
"""When somebody is reminded, unless they choose less."""

MOST_REMINDERS = 60
MORNING, EVENING = time(9), time(20)
"""Japan time: nobody is woken at night."""


def reminders_of(
    dues: Iterable[Due], before: tuple[int, ...], place: str | None, today: date
) -> tuple[Reminder, ...]:
    """Reminders for the days that are still ahead; none where every time to remind has passed."""
    made = []
    for due in dues:
        ahead = tuple(one for one in before if due.day - timedelta(days=one) > today)
        if ahead:
            made.append(
                Reminder(
                    day=due.day.isoformat(),
                    subject=due.subject,
                    yen=due.yen,
                    place=place,
                    before=ahead,
                )
            )
    return tuple(made)


def replaced(session: Session, made: tuple[Reminder, ...], dues: Iterable[Due]) -> Session:
    """A session with new reminders in place of those for the same days and subjects."""
    same = {(due.day.isoformat(), due.subject) for due in dues}
    kept = [one for one in session.reminders if (one.day, one.subject) not in same]
    every = sorted([*kept, *made], key=lambda one: (one.day, one.subject))
    return replace(session, reminders=tuple(every[:MOST_REMINDERS]))


def removed(session: Session, day: str, subject: str) -> Session:
    """A session without one of its reminders."""
    kept = tuple(one for one in session.reminders if (one.day, one.subject) != (day, subject))
    return replace(session, reminders=kept)


def wake_ups(made: Iterable[Reminder], language: str) -> Iterator[WakeLater]:
    """One wake-up for every time to remind, in the morning, in a language unless one is chosen."""
    for reminder in made:
        for before in reminder.before:
            day = date.fromisoformat(reminder.day) - timedelta(days=before)
            yield WakeLater(
                event=ReminderDue(
                    at=datetime.combine(day, MORNING, JAPAN),
                    number=0,
                    hint=language,
                    day=reminder.day,
                    subject=reminder.subject,
                    before=before,
                )
            )


def remind(session: Session, due: ReminderDue) -> tuple[Session, tuple[Effect, ...]]:
    """What a wake-up leads to: silence, a later wake-up, or the reminder."""
    reminder = next(
        (one for one in session.reminders if (one.day, one.subject) == (due.day, due.subject)),
        None,
    )
    if reminder is None or due.before not in reminder.before:
        return session, ()
    today = day_in_japan(due.at)
    left = (date.fromisoformat(reminder.day) - today).days
    later = _not_now(due, left)
    if later is not None:
        return session, (later,)
    remaining = tuple(one for one in reminder.before if one < left)
    after = removed(session, due.day, due.subject)
    if remaining:
        every = (*after.reminders, replace(reminder, before=remaining))
        after = replace(after, reminders=tuple(sorted(every, key=lambda one: one.day)))
    return after, (Remind(reminder=reminder, days_left=left),)


def _not_now(due: ReminderDue, left: int) -> WakeLater | None:
    """Too early (a clock was wrong), or at night: when it is time instead."""
    now = due.at.astimezone(JAPAN)
    if left > due.before:
        day = date.fromisoformat(due.day) - timedelta(days=due.before)
    elif now.time() < MORNING:
        day = now.date()
    elif now.time() >= EVENING:
        day = now.date() + timedelta(days=1)
    else:
        return None
    return WakeLater(event=replace(due, at=datetime.combine(day, MORNING, JAPAN)))
