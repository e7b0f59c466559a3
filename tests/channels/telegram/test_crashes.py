"""Nothing is lost, nothing decided twice, order kept: killed at every step and at random.

Every person sends a known sequence of deep links, each with another answer, and presses "helpful"
in between. Afterwards the replies of each chat, repeated neighbours dropped, must be exactly that
sequence, and each press must be counted exactly once: the count changes in the same transaction as
the session, so it shows any transition that is lost or made twice.
"""

import asyncio
import random
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.door import Door
from bot.channels.telegram.render import TelegramRenderer
from bot.channels.telegram.staff import Groups
from bot.channels.telegram.updates import utc_now
from bot.core.knowledge import Knowledge
from bot.service.pace import Intake, Pace, Patience, Rates
from bot.service.sender import Sender
from bot.service.worker import Worker
from bot.storage import SqliteStore
from tests.bot_process import FAST, ForkedBot
from tests.fake_telegram import TOKEN, FakeTelegram, Person, Sent

pytestmark = pytest.mark.xdist_group("crashes")

KILLS = 50
STEPS = [
    f"{when} {step}"
    for step in ("receive", "waiting", "finish", "outgoing", "make", "sent", "postpone")
    for when in ("before", "after")
]
LINKS = ("nhi-enrol", "nhi-copay", "nhi-about", "premium-arrears", "pension-lump_sum", "nhi-moving")


class Crash(BaseException):
    """The power is cut here."""


@dataclass
class Crowd:
    """Some people who send, and the check of what they heard."""

    telegram: FakeTelegram
    knowledge: Knowledge
    people: list[Person]
    expected: dict[int, list[str]] = field(default_factory=dict)
    presses: int = 0

    def talk(self, rounds: int) -> None:
        for _ in range(rounds):
            for person in self.people:
                heard = self.expected.setdefault(person.id, [])
                link = LINKS[len(heard) % len(LINKS)]
                person.send(f"/start {link}")
                heard.append(self.knowledge.answers[link.replace("-", ".", 1)].title)
                if len(heard) % 3 == 0:
                    shown = Sent(chat=person.id, id=1, text="", buttons=[], raw="", at=0)
                    self.telegram.press(person.id, shown, "helpful:nhi.enrol", "A", "en")
                    self.presses += 1
                    heard.append("Thank you.")

    def heard(self, person: Person) -> list[str]:
        return [sent.text.split("\n")[0] for sent in self.telegram.to(person.id)]

    def everything_arrived(self) -> bool:
        return all(
            [text for text, _ in groupby(self.heard(one))] == self.expected[one.id]
            for one in self.people
        )

    def check(self, database: Path, repeats: int) -> None:
        for person in self.people:
            said = self.heard(person)
            assert [text for text, _ in groupby(said)] == self.expected[person.id]
            assert len(said) - len(self.expected[person.id]) <= repeats
        connection = sqlite3.connect(database)
        counted = connection.execute("select sum(count) from feedback").fetchone()[0]
        waiting = connection.execute(
            "select count(*) from inbox where state = 'waiting'"
        ).fetchone()[0]
        connection.close()
        assert (counted or 0) == self.presses
        assert waiting == 0
        assert self.telegram.complaints == []


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram(seed=7)
    await fake.start()
    yield fake
    await fake.stop()


def crowd_of(telegram: FakeTelegram, knowledge: Knowledge, size: int) -> Crowd:
    return Crowd(telegram, knowledge, [Person(telegram, 100 + one) for one in range(size)])


class Cut:
    """Stands before a store or a transport and cuts the power at one step."""

    def __init__(self, real: Any, step: Callable[[str], None]) -> None:
        self._real = real
        self._step = step

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)

        async def stepped(*arguments: Any, **named: Any) -> Any:
            self._step(f"before {name}")
            result = await method(*arguments, **named)
            self._step(f"after {name}")
            return result

        return stepped


async def live(
    telegram: FakeTelegram, knowledge: Knowledge, database: Path, step: Callable[[str], None],
    until: Callable[[], bool],
) -> None:  # fmt: skip
    """One life of the bot in this process: until it is done, or the power is cut."""
    store = SqliteStore(database)
    api = TelegramApi(TOKEN, base_url=telegram.url)
    await api.open()
    cut_store: Any = Cut(store, step)
    sender = Sender(cut_store, Cut(api, step), Pace(Rates(**FAST)), time.time, in_flight=8)
    worker = Worker(cut_store, TelegramRenderer(), lambda: knowledge, utc_now, sender.wake.set)
    door = Door(api, cut_store, utc_now, worker.wake.set, Groups((), {}), Intake(Patience()))
    done = asyncio.create_task(telegram.until(until, 30))
    loops = [asyncio.create_task(one.run()) for one in (door, worker, sender)]
    finished, _ = await asyncio.wait([done, *loops], return_when=asyncio.FIRST_COMPLETED)
    everything = [done, *loops, *sender._busy.values()]
    for task in everything:
        task.cancel()
    await asyncio.gather(*everything, return_exceptions=True)
    await api.close()
    await store.close()
    for task in finished:
        task.result()


@pytest.mark.parametrize("step", STEPS)
async def test_a_cut_at_any_step_loses_nothing(
    step: str, telegram: FakeTelegram, knowledge: Knowledge, tmp_path: Path
) -> None:
    """The first, the second and a later time that this step comes."""
    database = tmp_path / "m.sqlite3"
    crowd = crowd_of(telegram, knowledge, 3)
    telegram.faults.server_error = 0.2 if "postpone" in step else 0
    for nth in (1, 2, 5):
        crowd.talk(2)
        seen = 0

        def cut(name: str, nth: int = nth) -> None:
            nonlocal seen
            seen += name == step
            if name == step and seen == nth:
                raise Crash

        with suppress(Crash):
            await live(telegram, knowledge, database, cut, crowd.everything_arrived)
    telegram.faults.server_error = 0
    await live(telegram, knowledge, database, lambda _: None, crowd.everything_arrived)
    crowd.check(database, repeats=3)


async def test_an_event_that_cannot_be_decided_is_set_aside(
    telegram: FakeTelegram, knowledge: Knowledge, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The resident gets an apology with a number, and the conversation goes on."""
    from bot.service import conversing, worker

    real = conversing.decide

    def broken(session: Any, event: Any, known: Knowledge) -> Any:
        if getattr(event, "text", "") == "poison":
            raise ValueError("marker")
        return real(session, event, known)

    monkeypatch.setattr(worker, "decide", broken)
    person = Person(telegram, 5)
    person.send("poison")
    person.send("/start nhi-enrol")
    database = tmp_path / "m.sqlite3"
    await live(telegram, knowledge, database, lambda _: None, lambda: len(telegram.to(5)) == 2)
    apology, answer = telegram.to(5)
    assert "give this number: 1" in apology.text
    assert answer.text.startswith("Join National Health Insurance")
    connection = sqlite3.connect(database)
    rows = connection.execute("select state, error, attempts from inbox").fetchall()
    connection.close()
    assert rows == [("failed", "ValueError", 3), ("done", None, 0)]


async def test_killed_at_random_fifty_times(
    telegram: FakeTelegram, knowledge: Knowledge, tmp_path: Path
) -> None:
    """SIGKILL to the real process, with repeated updates, 429, 500 and lost answers."""
    chance = random.Random(11)
    faults = telegram.faults
    faults.repeated_updates, faults.seconds = 0.05, 0.01
    faults.too_many = faults.server_error = faults.lost_after = 0.01
    bot = ForkedBot(tmp_path, telegram.url)
    await asyncio.to_thread(bot.load)
    crowd = crowd_of(telegram, knowledge, 12)
    for _ in range(KILLS):
        crowd.talk(3)
        bot.start()
        polls = telegram.polls
        await telegram.until(lambda before=polls: telegram.polls > before, 20)  # type: ignore[misc]
        await asyncio.sleep(chance.random() * 0.4)
        bot.kill()
    faults.too_many = faults.server_error = faults.lost_after = 0
    bot.start()
    await telegram.until(crowd.everything_arrived, 60)
    assert bot.stop() == 0
    crowd.check(bot.database, repeats=KILLS + 10)
    print(f"repeated: {repeated(crowd)} in {KILLS} kills")


def repeated(crowd: Crowd) -> int:
    """How many replies came more than once, in all chats."""
    return sum(len(crowd.heard(one)) - len(crowd.expected[one.id]) for one in crowd.people)
