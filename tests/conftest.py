"""The real knowledge, and a resident to talk with."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.core.events import JAPAN, ButtonPressed, CommandGiven, TextSaid
from bot.core.knowledge import Knowledge
from bot.core.message import Message
from bot.core.session import Session
from bot.loading import load
from bot.service.conversing import Reply, decide

ROOT = Path(__file__).parent.parent
NOON = datetime(2026, 11, 21, 12, tzinfo=JAPAN)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    loaded = load(ROOT / "intents", ROOT / "translations")
    assert loaded.knowledge is not None, "\n".join(map(str, loaded.errors))
    return loaded.knowledge


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A copy of the project's knowledge, to make mistakes in."""
    for name in ("intents", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@dataclass
class Resident:
    """Somebody who talks with the bot; `hint` is the language of their app."""

    knowledge: Knowledge
    hint: str | None = None
    now: datetime = NOON
    session: Session = field(default_factory=Session)
    reply: Reply | None = None
    number: int = 0

    def say(self, text: str) -> Message:
        return self._turn(TextSaid(text=text, at=self.now, number=self._next(), hint=self.hint))

    def command(self, name: str, argument: str = "") -> Message:
        event = CommandGiven(
            name=name, argument=argument, at=self.now, number=self._next(), hint=self.hint
        )
        return self._turn(event)

    def press(self, payload: str) -> Message:
        event = ButtonPressed(payload=payload, at=self.now, number=self._next(), hint=self.hint)
        return self._turn(event)

    @property
    def band(self) -> str | None:
        assert self.reply is not None
        return self.reply.turn.ranking.band if self.reply.turn.ranking else None

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _turn(self, event: TextSaid | ButtonPressed | CommandGiven) -> Message:
        """The last message of the reply; all are in `reply`."""
        self.reply = decide(self.session, event, self.knowledge)
        self.session = replace(self.reply.turn.session)
        return self.reply.messages[-1]


@pytest.fixture
def resident(knowledge: Knowledge) -> Resident:
    return Resident(knowledge)


def payloads(message: Message) -> list[str]:
    return [button.payload for row in message.buttons for button in row]
