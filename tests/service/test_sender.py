"""What is done with each outcome of a call."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.session import Session
from bot.service.pace import Pace, Rates
from bot.service.sender import Hopeless, Later, Made, Moved, Outcome, Sender
from bot.storage import Call, Finished, SqliteStore, StorageError

NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Script:
    """A transport that answers as it is told; afterwards every call is made."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.made: list[tuple[int, object]] = []

    async def make(self, call: Call) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Made()
        if isinstance(outcome, Made):
            self.made.append((call.chat, call.payload["text"]))
        return outcome


async def send(store: SqliteStore, script: Script, *texts: tuple[int, str]) -> None:
    """Store calls and send until nothing waits."""
    calls = tuple(
        Call(chat=chat, method="sendMessage", payload={"chat_id": chat, "text": text})
        for chat, text in texts
    )
    await store.finish([Finished(conversation="1", session=Session(), calls=calls)], NOW)
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.05
        return now

    rates = Rates(per_second=1e6, chat_per_second=1e6, chat_burst=1e6, group_per_minute=1e6)
    sender = Sender(store, script, Pace(rates), clock, in_flight=8)
    running = asyncio.create_task(sender.run())
    async with asyncio.timeout(20):
        while (await store.sizes()).outbox and not running.done():
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_stop_waits_for_what_is_in_flight(store: SqliteStore) -> None:
    """Else it would be sent again at the next start."""
    begun, answer = asyncio.Event(), asyncio.Event()

    class Slow(Script):
        async def make(self, call: Call) -> Outcome:
            begun.set()
            await answer.wait()
            return await super().make(call)

    call = Call(chat=1, method="sendMessage", payload={"chat_id": 1, "text": "a"})
    await store.finish([Finished(conversation="1", session=Session(), calls=(call,))], NOW)
    sender = Sender(store, Slow(), Pace(Rates()), lambda: 1.0, in_flight=8)
    running = asyncio.create_task(sender.run())
    await begun.wait()
    running.cancel()
    asyncio.get_running_loop().call_soon(answer.set)
    await asyncio.gather(running, return_exceptions=True)
    assert (await store.sizes()).outbox == 0


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore(tmp_path / "m.sqlite3")


async def test_a_call_that_fails_is_made_again_and_order_is_kept(store: SqliteStore) -> None:
    script = Script(Later(), Later(seconds=0.1))
    await send(store, script, (1, "a"), (1, "b"), (1, "c"))
    assert script.made == [(1, "a"), (1, "b"), (1, "c")]


async def test_being_told_to_wait_is_no_failure(store: SqliteStore) -> None:
    """However often: the wait after the next failure is still the first one."""
    script = Script(*[Later(seconds=0.01)] * 30, Later())
    await send(store, script, (1, "a"))
    assert script.made == [(1, "a")]


async def test_a_blocked_chat_ends_and_the_others_go_on(store: SqliteStore) -> None:
    script = Script(Hopeless(reason="Forbidden", all_of_chat=True))
    await send(store, script, (1, "a"), (1, "b"), (2, "c"))
    assert script.made == [(2, "c")]
    assert (await store.sizes()).dead == 2


async def test_one_hopeless_call_does_not_end_its_chat(store: SqliteStore) -> None:
    script = Script(Hopeless(reason="BadRequest", all_of_chat=False))
    await send(store, script, (1, "a"), (1, "b"))
    assert script.made == [(1, "b")]


async def test_a_group_that_moved_gets_everything_at_its_new_place(store: SqliteStore) -> None:
    script = Script(Moved(chat=-100))
    await send(store, script, (-5, "a"), (-5, "b"))
    assert script.made == [(-100, "a"), (-100, "b")]


async def test_what_cannot_be_marked_as_sent_stops_the_sending(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else every restart would repeat it."""

    async def broken(*_: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(store, "sent", broken)
    script = Script()
    await send(store, script, *((chat, "x") for chat in range(1, 30)))
    assert len(script.made) <= 8
