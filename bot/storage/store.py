"""What a store can do, whatever database it is. Every command is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.consultation.shapes import Overview, Side
from bot.core.events import Event
from bot.core.session import Session

Payload = dict[str, object]

CONSOLE, TERMINAL = "console", 0
"""The conversation of `madoguchi chat`, and the chat of `madoguchi desk`: the bot leaves their
events and calls to the two terminals, who fetch them themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something that a channel received. `event` is None if it could not be understood.

    The event's number is not known yet: the store gives it. `thread`: it happened in this topic of
    a staff group, so that it belongs to the resident whose consultation is there. `found` says
    that the topic of a consultation exists there.
    """

    update_id: int | None
    conversation: str | None
    event: Event | None
    error: str | None = None
    thread: int | None = None
    found: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An event that waits to be decided, with the session that it finds."""

    seq: int
    conversation: str
    event: Event
    session: Session
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """That a call passes messages on to a side: which, from where to where, whose."""

    conversation: str
    case: int
    to: Side
    from_chat: int
    to_chat: int
    messages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """What the result of a call means: links, the card of a consultation, calls behind it."""

    relay: Relay | None = None
    card: int | None = None
    then: "tuple[Call, ...]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that a channel shall make: for Telegram, a method of the Bot API.

    A later call with the same `key` takes its place. A value of the payload may be a name that the
    channel resolves when it sends, such as the topic of a consultation.
    """

    chat: int
    method: str
    payload: Payload
    key: str | None = None
    follow: Follow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """The consultants' side of a consultation: `thread` is its topic, `card` the pinned message.

    `tried`: when the topic's creation was last asked for, in seconds. `expired`: it is to be
    deleted.
    """

    number: int
    chat: int
    title: str
    thread: int | None
    card: int | None
    tried: float | None
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A decided event: the new session, the calls, the counts; or the error that set it aside.

    `later` are events that are to happen at their own moment. `forget` erases whatever is kept
    about the conversation, before the calls are stored. `title` is that of a consultation's topic,
    `missed` (text, language) what was not understood, `examples` (text, language, intent) what was
    filed as an example.
    """

    conversation: str
    session: Session
    seq: int | None = None
    calls: tuple[Call, ...] = ()
    feedback: tuple[tuple[str, str, bool], ...] = ()
    later: tuple[Event, ...] = ()
    forget: bool = False
    title: str | None = None
    missed: tuple[tuple[str, str], ...] = ()
    examples: tuple[tuple[str, str, str], ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A stored call that waits to be sent."""

    id: int
    call: Call
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much waits."""

    inbox: int = 0
    outbox: int = 0
    dead: int = 0
    failed: int = field(default=0)


class Consultations(Protocol):
    """What a store can do about consultations."""

    async def topic(self, number: int) -> Topic | None:
        """Where a consultation's topic is; None if there is no such consultation."""

    async def try_topic(self, number: int, at: float | None) -> None:
        """Remember, before it happens, that the topic's creation is asked for; None: refused."""

    async def found_topic(self, number: int, thread: int) -> None:
        """The topic exists; the first one that was found stays."""

    async def lose_topic(self, number: int, thread: int, at: datetime) -> bool:
        """The topic was deleted: forget it, and let the conversation know, once."""

    async def copy_of(self, case: int, chat: int, message: int) -> int | None:
        """The number of a message of a consultation on the other side; None if it has none."""

    async def sent_copy(self, chat: int, message: int) -> int | None:
        """The number of the copy of a message, not of what it is itself a copy of."""

    async def unlink(self, chat: int, message: int) -> None:
        """The copy of a message was deleted."""

    async def delay(self, chat: int, at: datetime) -> int:
        """What waits for a group cannot be sent for now: tell the residents, each once."""

    async def overview(self, chat: int, since: datetime, now: datetime) -> Overview:
        """A group's consultations: what is open, and what happened since a moment."""

    async def missed(self, id: int) -> tuple[str, str] | None:
        """(text, language) of a question that was not understood."""

    async def candidates(self) -> list[tuple[str, str, str, str]]:
        """(text, language, intent, when filed) of candidate examples, by language and intent."""

    async def drop_candidates(self) -> int:
        """Forget the candidate examples: they were reviewed; how many."""

    async def moved(self) -> dict[int, int]:
        """Groups that have another number now: old -> new."""


class Store(Protocol):
    """The embedded database today; PostgreSQL when one machine is not enough."""

    @property
    def consultations(self) -> Consultations:
        """The commands about consultations."""

    async def session(self, conversation: str) -> Session:
        """The session of a conversation; a new one where there is none."""

    async def receive(self, batch: Sequence[Incoming], offset: int, now: float) -> int:
        """Store a batch and the offset behind it; how many were new. Repeated ones are dropped."""

    async def waiting(self, limit: int) -> list[Waiting]:
        """The oldest waiting event of each conversation, oldest first; not of the console."""

    async def next_for(self, conversation: str) -> Waiting | None:
        """The oldest waiting event of a conversation."""

    async def finish(self, turns: Sequence[Finished], at: datetime) -> None:
        """Store what turns changed: sessions, calls, counts, and that they are done."""

    async def wake(self, now: float) -> int:
        """Let happen what was to happen by now; how much."""

    async def retry(self, seq: int) -> int:
        """Count one more failed attempt to decide an event; the number of attempts."""

    async def outgoing(self, limit: int, now: float, busy: Sequence[int]) -> list[Outgoing]:
        """The oldest due call of each chat that is not busy, oldest first."""

    async def calls_for(self, chat: int) -> list[Outgoing]:
        """Every call that waits for a chat, oldest first."""

    async def add(self, conversation: str, event: Event) -> int:
        """Let an event happen that came through no door; its number."""

    async def add_once(self, conversation: str, event: Event, name: str, value: str) -> bool:
        """The same, unless a fact has this value already; whether it was added."""

    async def sent(
        self, id: int, results: Sequence[int], now: datetime, follow: Follow | None = None
    ) -> None:
        """A call was made, with the numbers of the messages that came of it: it is deleted.

        `follow` is what that means, also if another call took its place meanwhile.
        """

    async def postpone(self, id: int, until: float, *, failed: bool = True) -> None:
        """A call waits: it failed for now, or it was told to wait."""

    async def hurry(self, chat: int) -> None:
        """What was postponed for a chat may go now."""

    async def give_up(self, id: int, reason: str, now: datetime, *, all_of_chat: bool) -> None:
        """A call can never be made (or no call to this chat can); who sent it is told."""

    async def move_chat(self, old: int, new: int) -> None:
        """A group became a supergroup: what waits for it goes there."""

    async def fact(self, name: str) -> str | None:
        """A single fact, or None."""

    async def set_fact(self, name: str, value: str) -> None:
        """Remember a single fact."""

    async def sizes(self) -> Sizes:
        """How much waits."""

    async def clean(self, now: datetime) -> None:
        """Erase what is older than it may be kept."""

    async def feedback(self) -> list[tuple[str, str, bool, int]]:
        """(intent, language, helpful, how often), in order of intent."""

    async def close(self) -> None:
        """Finish what was begun and close."""
