"""The two terminals on one database: a resident in one, a consultant in the other."""

import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.console import Console, said_by_people
from bot.channels.desk import DeskTerminal
from bot.core.consultation.shapes import Consultant
from bot.core.consultation.staffing import Desk, Staff
from bot.service.keeper import Keeper
from bot.storage import SqliteStore
from bot.storage.store import TERMINAL
from tests.conftest import NOON, ROOT


class Pair:
    """Both terminals."""

    def __init__(self, folder: Path) -> None:
        staff = Staff(desks=(Desk(chat=TERMINAL),), language="en")
        keeper = Keeper(ROOT / "intents", ROOT / "translations", "en", staff=staff)
        self.resident = Console(
            keeper=keeper, store=SqliteStore(folder / "m.sqlite3"), clock=lambda: NOON
        )
        self.out = io.StringIO()
        self.desk = DeskTerminal(
            knowledge=lambda: keeper.knowledge,
            store=SqliteStore(folder / "m.sqlite3"),
            clock=lambda: NOON,
            out=self.out,
            by=Consultant(id=1, name="Sato"),
        )

    def say(self, *lines: str) -> str:
        """What the resident reads."""
        replies = [reply for line in lines for reply in (self.resident.say(line),)]
        return self._read([*self.resident.news(), *replies])

    def hears(self) -> str:
        return self._read(self.resident.news())

    def type(self, *lines: str) -> None:
        for line in lines:
            asyncio.run(self.desk.hear(line))

    def sees(self) -> str:
        """What came to the consultant's terminal."""
        asyncio.run(self.desk.show_new())
        seen = self.out.getvalue()
        self.out.truncate(0)
        self.out.seek(0)
        return seen

    @staticmethod
    def _read(replies: list) -> str:  # type: ignore[type-arg]
        texts = [
            text
            for reply in replies
            for text in (*said_by_people(reply), *(one.text for one in reply.messages))
        ]
        return "\n".join(texts)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    both = Pair(tmp_path)
    yield both
    asyncio.run(both.desk.store.close())
    both.resident.close()


def test_a_question_is_handed_over_and_answered(pair: Pair) -> None:
    assert "A person can help you here" in pair.say("/human")
    pair.say("1", "my case is hard")
    seen = pair.sees()
    assert "waiting" in seen
    assert "> my case is hard" in seen
    pair.type("// who takes it?", "/claim", "Good day")
    assert "👤 Good day" in pair.hears()
    assert "Sato has taken" in pair.sees()
    pair.say("thank you")
    assert "> thank you" in pair.sees()
    pair.type("/close")
    assert "Did it help you?" in pair.hears()
    assert pair.resident.buttons[4].label.startswith("5")


def test_buttons_of_the_desk_are_numbers(pair: Pair) -> None:
    pair.say("/human", "1", "my case is hard")
    pair.sees()
    pair.type("/say nhi.enrol")
    pair.hears()
    assert "[1] Send it" in pair.sees()
    pair.type("1")
    assert "14 days" in pair.hears()


def test_lists_need_nobody_at_the_other_terminal(pair: Pair) -> None:
    pair.type("/open")
    assert "No consultation is open" in pair.sees()
    pair.say("/human", "1", "my case is hard")
    pair.sees()
    pair.type("/open")
    assert "waiting" in pair.sees()


def test_words_to_nobody_are_not_lost_silently(pair: Pair) -> None:
    pair.type("hello?")
    assert "Nobody has asked" in pair.sees()


def test_what_waits_for_a_terminal_is_left_alone_by_the_bot(pair: Pair) -> None:
    """Neither its events nor its calls are the bot's."""
    pair.say("/human", "1", "my case is hard")
    pair.sees()
    pair.say("more")
    pair.type("hello")

    async def waiting() -> tuple[int, int]:
        store = pair.desk.store
        calls = await store.outgoing(10, 1e12, [TERMINAL])
        return len(await store.waiting(10)), len(calls)

    assert asyncio.run(waiting()) == (0, 0)
