"""What a store can do, whatever database it is. Every command is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.events import Event
from bot.core.session import Session

Payload = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something that a channel received. `event` is None if it could not be understood.

    The event's number is not known yet: the store gives it.
    """

    update_id: int
    conversation: str | None
    event: Event | None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An event that waits to be decided, with the session that it finds."""

    seq: int
    conversation: str
    event: Event
    session: Session
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that a channel shall make: for Telegram, a method of the Bot API."""

    chat: int
    method: str
    payload: Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A decided event: the new session, the calls, the counts; or the error that set it aside.

    `later` are events that are to happen at their own moment. `forget` erases whatever is kept
    about the conversation, before the calls are stored.
    """

    conversation: str
    session: Session
    seq: int | None = None
    calls: tuple[Call, ...] = ()
    feedback: tuple[tuple[str, str, bool], ...] = ()
    later: tuple[Event, ...] = ()
    forget: bool = False
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


class Store(Protocol):
    """The embedded database today; PostgreSQL when one machine is not enough."""

    async def session(self, conversation: str) -> Session:
        """The session of a conversation; a new one where there is none."""

    async def receive(self, batch: Sequence[Incoming], offset: int, now: float) -> int:
        """Store a batch and the offset behind it; how many were new. Repeated ones are dropped."""

    async def waiting(self, limit: int) -> list[Waiting]:
        """The oldest waiting event of each conversation, oldest first."""

    async def finish(self, turns: Sequence[Finished], at: datetime) -> None:
        """Store what turns changed: sessions, calls, counts, and that they are done."""

    async def wake(self, now: float) -> int:
        """Let happen what was to happen by now; how much."""

    async def retry(self, seq: int) -> int:
        """Count one more failed attempt to decide an event; the number of attempts."""

    async def outgoing(self, limit: int, now: float, busy: Sequence[int]) -> list[Outgoing]:
        """The oldest due call of each chat that is not busy, oldest first."""

    async def sent(self, id: int) -> None:
        """A call was made: it is deleted."""

    async def postpone(self, id: int, until: float) -> None:
        """A call failed for now."""

    async def give_up(self, id: int, reason: str, *, all_of_chat: bool) -> None:
        """A call can never be made (or no call to this chat can)."""

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
