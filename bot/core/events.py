"""What can happen in a conversation: the only input of `respond`, past tense.

`at` is when it happened, `number` the bot's own count of events (it serves as incident number),
`hint` the language of the resident's app, `message` the channel's number of the message.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "JST")
"""Figures and deadlines are those of the day in Japan."""


def day_in_japan(at: datetime) -> date:
    """The day in Japan at a moment."""
    return at.astimezone(JAPAN).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSaid:
    """The resident wrote something; identity numbers in it are masked already."""

    text: str
    at: datetime
    number: int
    hint: str | None = None
    message: int | None = None
    edited: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed:
    """The resident pressed a button; `payload` is what the bot once put behind it."""

    payload: str
    at: datetime
    number: int
    hint: str | None = None
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven:
    """The resident gave a command: its name without the slash, and what stood behind it."""

    name: str
    argument: str
    at: datetime
    number: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSent:
    """The resident sent something that is not text: a photo, a voice message, a place."""

    at: datetime
    number: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupJoined:
    """Somebody added the bot to a group."""

    group: int
    at: datetime
    number: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue:
    """It is time to look at a reminder, `before` days before its day; `at` is now."""

    day: str
    subject: str
    before: int
    at: datetime
    number: int
    hint: str | None = None


Event = TextSaid | ButtonPressed | CommandGiven | MediaSent | GroupJoined | ReminderDue
