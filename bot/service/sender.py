"""Makes the stored calls: in order for each chat, within the rates, until each is made or hopeless.

A call is deleted only after the other side took it, so a crash repeats at most what was in
flight. If that cannot be stored, nothing more is sent: else every restart would repeat it.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.service.pace import Pace
from bot.storage import Call, Outgoing, Store
from bot.storage.store import TERMINAL

log = logging.getLogger(__name__)

PAGE = 100
PATIENCE_RATE, PATIENCE_IDLE = 0.02, 0.2
"""Seconds until it is worth looking again: for a rate, for what was postponed."""

LAST_SECONDS = 5.0
FIRST_WAIT, LONGEST_WAIT = 0.2, 300.0
"""Seconds: the wait after a failure doubles from the first to the longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The call was made, or there was nothing to do; the messages that came of it."""

    results: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Not now: after so many seconds (None: as long as usual); until then the chat waits.

    `stuck`: somebody has to do something before it can be made; `happened`: something was stored
    for a conversation on the way.
    """

    seconds: float | None = None
    stuck: bool = False
    happened: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The chat has another number now."""

    chat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hopeless:
    """Never: this call, or every call to this chat."""

    reason: str
    all_of_chat: bool


Outcome = Made | Later | Moved | Hopeless


class Transport(Protocol):
    """The other side of a channel."""

    async def make(self, call: Call) -> Outcome:
        """Make a call and say what came of it; raises nothing."""


class Sender:
    """Sends what waits in the store; see the module."""

    def __init__(
        self,
        store: Store,
        transport: Transport,
        pace: Pace,
        clock: Callable[[], float],
        *,
        in_flight: int,
        happened: Callable[[], None] = lambda: None,
        moved: Callable[[int, int], None] = lambda old, new: None,
    ) -> None:
        """`happened`: an outcome is an event for somebody; `moved`: a chat has a new number."""
        self._happened = happened
        self._moved = moved
        self._store = store
        self._transport = transport
        self._pace = pace
        self._clock = clock
        self._in_flight = in_flight
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._ready: list[Outgoing] = []
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Send for ever; ends only with an error of the store, or when it is stopped.

        Then what is in flight is waited for, so that it is not sent again at the next start.
        """
        try:
            while True:
                self.wake.clear()
                patience = await self._start_due()
                self._raise_failures()
                await self._wait(patience)
        finally:
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=LAST_SECONDS)

    async def _start_due(self) -> float:
        """Start the oldest due call of every free chat, as far as the rates allow.

        Returns the seconds after which it is worth looking again, if nothing happens before.
        """
        if len(self._busy) >= self._in_flight:
            return PATIENCE_IDLE
        if not self._start_ready():
            known = [TERMINAL, *self._busy, *(one.call.chat for one in self._ready)]
            self._ready += await self._store.outgoing(PAGE, self._clock(), known)
            self._start_ready()
        return PATIENCE_RATE if self._ready else PATIENCE_IDLE

    def _start_ready(self) -> bool:
        """Start what was fetched, as far as places and rates allow; whether anything was."""
        before = len(self._ready)
        held_back: list[Outgoing] = []
        for position, outgoing in enumerate(self._ready):
            if len(self._busy) >= self._in_flight:
                held_back += self._ready[position:]
                break
            if self._pace.take(outgoing.call.chat, self._clock()):
                self._start(outgoing.call.chat, self._send(outgoing))
            else:
                held_back.append(outgoing)
        self._ready = held_back
        return len(held_back) < before

    def _start(self, chat: int, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._busy[chat] = task
        task.add_done_callback(lambda _: self.wake.set())

    async def _send(self, outgoing: Outgoing) -> None:
        chat = outgoing.call.chat
        outcome = await self._transport.make(outgoing.call)
        match outcome:
            case Made():
                follow = outgoing.call.follow
                await self._store.sent(outgoing.id, outcome.results, self._now(), follow)
                if follow is not None:
                    self.wake.set()
                    self._happened()
            case Later():
                await self._later(outgoing, outcome)
            case Moved(chat=new) if new == chat:
                await self._later(outgoing, Later())
            case Moved():
                log.info("moved", extra={"chat": chat})
                await self._store.move_chat(chat, outcome.chat)
                self._moved(chat, outcome.chat)
            case Hopeless():
                log.warning("given up: %s", outcome.reason, extra={"chat": chat})
                await self._store.give_up(
                    outgoing.id, outcome.reason, self._now(), all_of_chat=outcome.all_of_chat
                )
                self._happened()

    async def _later(self, outgoing: Outgoing, outcome: Later) -> None:
        usual = min(FIRST_WAIT * 2 ** min(outgoing.attempts, 20), LONGEST_WAIT)
        until = self._clock() + (usual if outcome.seconds is None else outcome.seconds)
        log.info("postponed %.1f s", until - self._clock(), extra={"chat": outgoing.call.chat})
        await self._store.postpone(outgoing.id, until, failed=outcome.seconds is None)
        if outcome.stuck:
            await self._store.consultations.delay(outgoing.call.chat, self._now())
        if outcome.happened:
            self._happened()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _raise_failures(self) -> None:
        done = [(chat, task) for chat, task in self._busy.items() if task.done()]
        for chat, _ in done:
            del self._busy[chat]
        failures = [task.exception() for _, task in done]  # all are looked at, or Python complains
        for failure in failures:
            if failure is not None:
                raise failure

    async def _wait(self, patience: float) -> None:
        """Until something was added or done, or for so many seconds.

        Not `asyncio.wait_for`: before Python 3.12 it may swallow a cancellation.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.wake.wait()
