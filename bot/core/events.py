"""What can happen in a conversation: the only input of `respond`, past tense.

`at` is when it happened, `number` the bot's own count of events (it serves as ticket and incident
number), `hint` the language of the app, `message` the channel's number of the message. `by` is the
consultant who did it in the staff's `group`, in the topic of consultation `case` (None: beside all
topics); where it is None, the resident did it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from bot.core.consultation.shapes import Consultant, Overview, Side

Reason = Literal["delayed", "blocked", "refused", "withdrawal"]

JAPAN = timezone(timedelta(hours=9), "JST")
"""Figures and deadlines are those of the day in Japan."""


def day_in_japan(at: datetime) -> date:
    """The day in Japan at a moment."""
    return at.astimezone(JAPAN).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What every event has."""

    at: datetime
    number: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Happened):
    """What a person does."""

    message: int | None = None
    by: Consultant | None = None
    group: int | None = None
    case: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSaid(Done):
    """Somebody wrote something; identity numbers in it are masked already.

    `marks` are how the channel says what is bold or a link in it.
    """

    text: str
    marks: str | None = None
    edited: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(Done):
    """Somebody pressed a button; `payload` is what the bot once put behind it.

    `missed` is the question that the button is about, handed over by the service.
    """

    payload: str
    missed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven(Done):
    """Somebody gave a command: its name without the slash, and what stood behind it.

    `overview` is handed over by the service with a consultant's command that lists something.
    """

    name: str
    argument: str
    overview: Overview | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSent(Done):
    """Somebody sent something that is not text: a photo, a voice message, a place.

    `file` is the channel's name for it, `album` what its companions share, `caption` its masked
    text. `named`: the name of the file holds an identity number.
    """

    kind: str = "photo"
    file: str | None = None
    album: str | None = None
    caption: str | None = None
    masked: bool = False
    named: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupJoined(Happened):
    """Somebody added the bot to a group."""

    group: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WroteTooFast(Happened):
    """A resident writes more than is taken: this and what follows at once is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDue(Happened):
    """It is time to look at a reminder, `before` days before its day; `at` is now."""

    day: str
    subject: str
    before: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlbumComplete(Happened):
    """The rest of an album had time to arrive; `album` is what its pictures share."""

    album: str
    by: Consultant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOverdue(Happened):
    """Nobody has answered what a resident wrote `since` (ISO), for some time of office hours."""

    case: int
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Happened):
    """What was to be passed on to a side has not arrived: `message` is the original's number.

    delayed: it is tried on; blocked: the resident stopped the bot; refused: it cannot be copied;
    withdrawal: a message could not be taken back.
    """

    to: Side
    reason: Reason
    message: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicLost(Happened):
    """The topic of a consultation was deleted; what follows goes into a new one."""

    case: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDue(Happened):
    """It is time for a desk's digest since a moment (ISO); the service hands `overview` over."""

    group: int
    since: str
    overview: Overview | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptExpired(Happened):
    """The topic of a consultation in a staff group has been kept long enough.

    `wanted`: the resident has erased everything.
    """

    group: int
    case: int
    wanted: bool = False


Event = (
    TextSaid
    | ButtonPressed
    | CommandGiven
    | MediaSent
    | GroupJoined
    | WroteTooFast
    | ReminderDue
    | AlbumComplete
    | AnswerOverdue
    | DeliveryFailed
    | TopicLost
    | DigestDue
    | TranscriptExpired
)
