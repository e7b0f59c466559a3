"""A resident and two consultants, in the same conversation, without any channel."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from bot.core.consultation.shapes import Consultant
from bot.core.consultation.staffing import Desk, Staff
from bot.core.events import (
    JAPAN,
    ButtonPressed,
    CommandGiven,
    Event,
    MediaSent,
    TextSaid,
)
from bot.core.knowledge import Knowledge
from bot.core.message import Message
from bot.core.session import Session
from bot.service.conversing import Reply, decide

GROUP = -100
FRIDAY = datetime(2026, 11, 20, 10, tzinfo=JAPAN)
SATO, SUZUKI = Consultant(id=71, name="Sato"), Consultant(id=72, name="Suzuki")

Kind = TypeVar("Kind")


@pytest.fixture(scope="session")
def staffed(knowledge: Knowledge) -> Knowledge:
    """The knowledge with consultants who read English."""
    return replace(knowledge, staff=Staff(desks=(Desk(chat=GROUP),), language="en"), worded={})


@dataclass
class Room:
    """The conversation of one resident, with what both sides read."""

    knowledge: Knowledge
    now: datetime = FRIDAY
    hint: str = "en"
    session: Session = field(default_factory=Session)
    reply: Reply | None = None
    number: int = 0

    def say(self, text: str, **other: Any) -> list[Message]:
        return self._turn(TextSaid(text=text, **self._resident(), **other))

    def press(self, payload: str) -> list[Message]:
        return self._turn(ButtonPressed(payload=payload, **self._resident()))

    def press_label(self, label: str) -> list[Message]:
        """A button of the last reply."""
        assert self.reply is not None
        found = [
            button.payload
            for message in self.reply.messages
            for row in message.buttons
            for button in row
            if button.label.startswith(label)
        ]
        assert found, f"no button {label}"
        return self.press(found[0])

    def command(self, name: str, argument: str = "") -> list[Message]:
        return self._turn(CommandGiven(name=name, argument=argument, **self._resident()))

    def send(self, kind: str, **other: Any) -> list[Message]:
        return self._turn(MediaSent(kind=kind, **self._resident(), **other))

    def happens(self, event: Event) -> list[Message]:
        self.number += 1
        return self._turn(replace(event, number=self.number))

    def staff_says(self, text: str, by: Consultant = SATO, **other: Any) -> list[Message]:
        return self._turn(TextSaid(text=text, **self._staff(by), **other))

    def staff_sends(self, kind: str, by: Consultant = SATO, **other: Any) -> list[Message]:
        return self._turn(MediaSent(kind=kind, **self._staff(by), **other))

    def staff_command(self, line: str, by: Consultant = SATO, **other: Any) -> list[Message]:
        name, _, argument = line.partition(" ")
        event = CommandGiven(name=name, argument=argument, **self._staff(by), **other)
        return self._turn(event)

    def staff_presses(self, payload: str, by: Consultant = SATO) -> list[Message]:
        return self._turn(ButtonPressed(payload=payload, **self._staff(by)))

    def open(self, question: str = "my own case is difficult") -> int:
        """Go to a person with a question; the number of the consultation."""
        self.command("human")
        self.press(f"now:{self.number}:person")
        self.say(question, message=10)
        assert self.session.case is not None
        return self.session.case.number

    def effects(self, kind: type[Kind]) -> list[Kind]:
        """What came of the last event, of one kind."""
        assert self.reply is not None
        return [one for one in self.reply.turn.effects if isinstance(one, kind)]

    @property
    def for_staff(self) -> str:
        """What consultants read of the last event."""
        assert self.reply is not None
        residents = self.reply.messages
        return "\n".join(
            message.text
            for _, message in self.reply.said
            if message is not None and message not in residents
        )

    @property
    def staff_buttons(self) -> list[str]:
        """What is behind the buttons that consultants see of the last event."""
        assert self.reply is not None
        residents = self.reply.messages
        return [
            button.payload
            for _, message in self.reply.said
            if message is not None and message not in residents
            for row in message.buttons
            for button in row
        ]

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def _resident(self) -> dict[str, Any]:
        self.number += 1
        return {"at": self.now, "number": self.number, "hint": self.hint}

    def _staff(self, by: Consultant) -> dict[str, Any]:
        self.number += 1
        case = self.session.case.number if self.session.case else 1
        return {"at": self.now, "number": self.number, "by": by, "group": GROUP, "case": case}

    def _turn(self, event: Event) -> list[Message]:
        self.reply = decide(self.session, event, self.knowledge)
        self.session = self.reply.turn.session
        return list(self.reply.messages)


@pytest.fixture
def room(staffed: Knowledge) -> Room:
    return Room(staffed)
