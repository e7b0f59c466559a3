"""A consultation while the process is killed again and again: nothing lost, nothing twice.

Residents and consultants go through whole consultations, one after another. Afterwards each has
exactly one ticket and one topic, and on both sides every message is there, in its order; a message
may be repeated only beside itself.
"""

import asyncio
import os
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pytest

from bot.core.consultation.resident import MOST_A_DAY
from tests.bot_process import ForkedBot
from tests.channels.telegram.people import GROUP, OPEN_ALWAYS
from tests.fake_forum import Consultant, StaffGroup, Topic
from tests.fake_telegram import FakeTelegram, Person, Sent

pytestmark = pytest.mark.xdist_group("consultation crashes")

KILLS = int(os.environ.get("MADOGUCHI_KILLS", "100"))
LONGEST_LIFE = 0.6
WORDS = 4


@dataclass
class Pair:
    """A resident at a time and a consultant, and the consultations that they had."""

    telegram: FakeTelegram
    group: StaffGroup
    resident: Person
    consultant: Consultant
    had: list[tuple[int, Topic, str, int]] = field(default_factory=list)

    async def talk(self, over: Callable[[], bool]) -> None:
        """One consultation after another; as many a resident as a day allows."""
        while not over():
            if self.had and len(self.had) % MOST_A_DAY == 0:
                self.resident = Person(self.telegram, self.resident.id + 100)
            await self._one(f"round {len(self.had)} of {self.resident.id}")

    async def _one(self, name: str) -> None:
        mark = len(self.telegram.to(self.resident.id))
        self.resident.send("/human")
        shown = await self._hears(mark, "now:")
        if "Go on" in shown.buttons[0][0]:
            self.resident.press("Ask something new", shown)
            shown = await self._hears(mark, ":person")
        self.resident.press("Yes", shown)
        await self._hears(mark, ":nobody", "write your question")
        self.resident.send(f"{name} from resident 0")
        shown = await self._hears(mark, "end:")
        number = int(shown.buttons[-1][1].split(":")[1])
        await self._until(lambda: bool(self._topics(number)))
        (topic,) = self._topics(number)
        for word in range(1, WORDS):
            self.resident.send(f"{name} from resident {word}")
            self._consult(topic, f"{name} from consultant {word}", word)
        last = WORDS - 1
        await self._until(lambda: self._has(topic.messages, f"{name} from resident {last}"))
        heard = self.telegram.to(self.resident.id)
        await self._until(lambda: self._has(heard, f"{name} from consultant {last}"))
        self.consultant.send("/close", topic.thread)
        await self._hears(mark, "rate:")
        self.had.append((number, topic, name, self.resident.id))

    def _consult(self, topic: Topic, text: str, word: int) -> None:
        """Words, and every second time something that is copied."""
        if word % 2:
            self.consultant.send(text, topic.thread)
        else:
            self.consultant.send_media("voice", topic.thread, caption=text)

    async def _hears(self, mark: int, payload: str, text: str = "") -> Sent:
        """A message since a mark with a button whose payload contains this."""

        def found() -> list[Sent]:
            return [
                one
                for one in self.telegram.to(self.resident.id)[mark:]
                if text in one.text and any(payload in data for _, data in one.buttons)
            ]

        await self._until(lambda: bool(found()))
        return found()[0]

    async def _until(self, true: Callable[[], bool]) -> None:
        await self.telegram.until(true, 120)

    @staticmethod
    def _has(messages: list[Sent], text: str) -> bool:
        return any(text in one.text and one.of_bot for one in messages)

    def _topics(self, number: int) -> list[Topic]:
        begun = f"#{number} "
        return [one for one in self.group.topics.values() if one.name.startswith(begun)]

    def check(self) -> int:
        """Everything is there, once and in order, but for neighbours; how many were repeated."""
        repeated = 0
        for number, topic, name, resident in self.had:
            assert self._topics(number) == [topic]
            for side, messages in (
                ("resident", topic.messages),
                ("consultant", self.telegram.to(resident)),
            ):
                texts = (one.text.removeprefix("👤 ") for one in messages if one.of_bot)
                said = [text for text in texts if text.startswith(f"{name} from {side}")]
                first = 0 if side == "resident" else 1
                wanted = [f"{name} from {side} {word}" for word in range(first, WORDS)]
                assert [text for text, _ in groupby(said)] == wanted
                repeated += len(said) - len(wanted)
        return repeated


async def test_killed_at_random_a_hundred_times(tmp_path: Path) -> None:
    """SIGKILL in the middle of consultations, with repeated updates, 429, 500 and lost answers."""
    telegram = FakeTelegram(seed=5)
    await telegram.start()
    group = StaffGroup(telegram, GROUP)
    pairs = [
        Pair(telegram, group, Person(telegram, 100 + one), Consultant(telegram, group, 70 + one))
        for one in range(3)
    ]
    faults = telegram.faults
    faults.repeated_updates, faults.seconds = 0.05, 0.005
    faults.too_many = faults.server_error = faults.lost_after = 0.01
    faults.lost_topic = 0.1
    bot = ForkedBot(tmp_path, telegram.url, staff=OPEN_ALWAYS)
    await asyncio.to_thread(bot.load)
    chance = random.Random(17)
    kills = 0
    bot.start()
    talking = [asyncio.create_task(pair.talk(lambda: kills >= KILLS)) for pair in pairs]
    while kills < KILLS and not any(task.done() for task in talking):
        await asyncio.sleep(0.1 + chance.random() * LONGEST_LIFE)
        await asyncio.to_thread(bot.kill)
        kills += 1
        bot.start()
    await asyncio.gather(*talking)
    repeated = sum(pair.check() for pair in pairs)
    had = sum(len(pair.had) for pair in pairs)
    await asyncio.to_thread(bot.stop)
    rows = sqlite3.connect(bot.database).execute("select count(*), min(stage) from consultation")
    assert rows.fetchone() == (had, "closed")
    assert kills == KILLS
    assert repeated <= KILLS + 20
    print(f"{had} consultations, {KILLS} kills, {repeated} messages repeated")
    await telegram.stop()
    assert telegram.complaints == []
