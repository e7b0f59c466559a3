"""Decides what was received: oldest first, one event a conversation, several to a commit."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.events import (
    JAPAN,
    AlbumComplete,
    AnswerOverdue,
    ButtonPressed,
    CommandGiven,
    DigestDue,
    Event,
    ReminderDue,
    TextSaid,
)
from bot.core.knowledge import Knowledge
from bot.core.voice import Voice
from bot.service.conversing import Reply, decide, finished
from bot.storage import Call, Finished, Store, Waiting

log = logging.getLogger(__name__)

TOGETHER = 64
STATISTICS_SHOWN_DAYS = 30
MOST_ATTEMPTS = 3
"""An event that cannot be decided so often is set aside; the conversation goes on."""


class Renderer(Protocol):
    """A channel's pure function from what is said to the calls that say it."""

    def render(self, reply: Reply, waiting: Waiting) -> tuple[Call, ...]:
        """The calls for a reply."""

    def render_text(self, text: str, chat: int) -> tuple[Call, ...]:
        """The calls for a plain sentence."""


class Worker:
    """Takes events from the store and puts sessions and calls into it."""

    def __init__(
        self,
        store: Store,
        renderer: Renderer,
        knowledge: Callable[[], Knowledge],
        now: Callable[[], datetime],
        decided: Callable[[], None],
    ) -> None:
        self._store = store
        self._renderer = renderer
        self._knowledge = knowledge
        self._now = now
        self._decided = decided
        self._thinking = ThreadPoolExecutor(1, "understanding")  # more would only take memory
        self.wake = asyncio.Event()

    async def run(self) -> None:
        """Decide for ever; ends only with an error of the store."""
        while True:
            self.wake.clear()
            waiting = await self._store.waiting(TOGETHER)
            turns = [turn for one in waiting if (turn := await self._turn(one)) is not None]
            if turns:
                await self._store.finish(turns, self._now())
                self._decided()
            if not waiting:
                await self.wake.wait()

    async def _turn(self, waiting: Waiting) -> Finished | None:
        """The decided event; None if it failed and is to be tried again."""
        await asyncio.sleep(0)  # let the door and the sender work between two decisions
        knowledge = self._knowledge()
        event = await prepared(waiting.event, self._store, self._now())
        waiting = replace(waiting, event=event)
        try:
            if isinstance(waiting.event, TextSaid) and knowledge.matcher.meanings:
                loop = asyncio.get_running_loop()
                given = (waiting.session, waiting.event, knowledge)
                reply = await loop.run_in_executor(self._thinking, decide, *given)
            else:
                reply = decide(waiting.session, waiting.event, knowledge)
            calls = self._renderer.render(reply, waiting)
        except Exception as error:
            return await self._set_aside(waiting, error)
        turn = finished(reply, waiting.conversation)
        ranking = reply.turn.ranking
        log.info(
            "decided %s%s",
            type(waiting.event).__name__,
            f" {ranking.band} {ranking.intent or '-'}" if ranking else "",
            extra={"chat": waiting.conversation, "event": waiting.seq},
        )
        return replace(turn, seq=waiting.seq, calls=calls)

    async def _set_aside(self, waiting: Waiting, error: Exception) -> Finished | None:
        """After the third failure the resident gets an apology with the incident's number."""
        attempts = await self._store.retry(waiting.seq)
        kind = type(error).__name__
        log.error(
            "event failed (%s), attempt %d, %s",
            kind,
            attempts,
            _where(error),
            extra={"chat": waiting.conversation, "event": waiting.seq},
        )
        if attempts < MOST_ATTEMPTS:
            self.wake.set()
            return None
        knowledge = self._knowledge()
        language = waiting.session.language or knowledge.default_language
        voice = Voice(knowledge, language, self._now().astimezone(JAPAN).date())
        incident = str(waiting.seq)
        calls: tuple[Call, ...] = ()
        if getattr(waiting.event, "by", None) is None:  # a consultant's own is told to them
            apology = voice.message("apology", incident=incident)
            calls = self._renderer.render_text(apology, int(waiting.conversation))
        if knowledge.staff is not None:
            theirs = Voice(knowledge, knowledge.staff.language, voice.today)
            told = theirs.message("desk.incident", incident=incident)
            calls += self._renderer.render_text(told, knowledge.staff.desks[-1].chat)
        return Finished(
            conversation=waiting.conversation,
            session=waiting.session,
            seq=waiting.seq,
            calls=calls,
            error=kind,
        )


async def prepared(event: Event, store: Store, now: datetime) -> Event:
    """An event with what it needs to be decided: the moment of a timer, lists, a question."""
    match event:
        case ReminderDue() | AnswerOverdue() | AlbumComplete():  # it says what is true now
            return replace(event, at=now)
        case CommandGiven(name="open" | "stats") if event.group is not None:
            since = now - timedelta(days=STATISTICS_SHOWN_DAYS)
            overview = await store.consultations.overview(event.group, since, now)
            return replace(event, overview=overview)
        case DigestDue():
            since = datetime.fromisoformat(event.since)
            overview = await store.consultations.overview(event.group, since, now)
            return replace(event, overview=overview)
        case ButtonPressed(payload=payload) if event.by and payload.startswith("missed:"):
            number = payload.split(":")[1]
            if number.isascii() and number.isdigit():
                return replace(event, missed=await store.consultations.missed(int(number[:15])))
    return event


def _where(error: Exception) -> str:
    """The file and line of an error; never its text, which may hold a resident's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
