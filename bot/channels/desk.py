"""The consultants' side in a terminal, beside `madoguchi chat` on the same database.

The two terminals leave each other calls and events in the database, as the bot does with Telegram:
what the resident's terminal decides for the consultants waits for this one, and what is typed here
is an event of the resident's conversation. Several consultations are told apart by their number: a
line may begin with #17.
"""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TextIO

from bot.channels.terminal import lines, numbered
from bot.core.consultation.shapes import Consultant
from bot.core.effects import ForStaff, MirrorEdit, NameTopic, RelayMedia, RelayText, ShowCard
from bot.core.events import ButtonPressed, CommandGiven, Event, TextSaid
from bot.core.knowledge import Knowledge
from bot.core.message import Button, Message
from bot.core.privacy import mask, mend
from bot.core.session import Session
from bot.service.conversing import Reply, decide
from bot.service.worker import prepared
from bot.storage import Call, Store
from bot.storage.store import CONSOLE, TERMINAL, Payload

LOOK_SECONDS = 0.4
NUMBERED = re.compile(r"#(\d{1,15})(?:\s+|$)")


def calls_for_desk(reply: Reply) -> tuple[Call, ...]:
    """What of a reply is for the consultants, as this terminal shows it."""
    return tuple(_calls(reply))


def _calls(reply: Reply) -> Iterator[Call]:
    for effect, message in reply.said:
        if isinstance(effect, RelayText | RelayMedia | MirrorEdit) and effect.to == "staff":
            said = (
                "[" + effect.media[0].kind + "]" if isinstance(effect, RelayMedia) else effect.text
            )
            yield _call(effect.ticket.number, "> " + said, ())
        elif isinstance(effect, ShowCard) and message is not None:
            yield _call(effect.case.number, message.text, _buttons(message), key="card")
        elif isinstance(effect, ShowCard | NameTopic) or message is None:
            continue  # a terminal has no titles
        elif isinstance(effect, ForStaff):
            yield _call(effect.ticket.number, message.text, _buttons(message))


def _buttons(message: Message) -> tuple[Button, ...]:
    return tuple(button for row in message.buttons for button in row)


def _call(number: int, text: str, buttons: tuple[Button, ...], key: str | None = None) -> Call:
    payload: Payload = {
        "number": number,
        "text": text,
        "buttons": [[one.label, one.payload] for one in buttons],
    }
    key = f"{key}:{number}" if key else None
    return Call(chat=TERMINAL, method="show", payload=payload, key=key)


@dataclass(slots=True)
class DeskTerminal:
    """One consultant at a terminal; `current` is the consultation that was shown last."""

    knowledge: Callable[[], Knowledge]
    store: Store
    clock: Callable[[], datetime]
    out: TextIO
    by: Consultant
    current: int | None = None
    buttons: tuple[Button, ...] = ()
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def show_new(self) -> int:
        """Print what waits for this terminal; how much."""
        waiting = await self.store.calls_for(TERMINAL)
        for outgoing in waiting:
            self._show(outgoing.call.payload)
            await self.store.sent(outgoing.id, (), self.clock())
        return len(waiting)

    async def hear(self, line: str) -> None:
        """A line as typed: a button's number, a command, or words to the resident."""
        found = NUMBERED.match(line.strip())
        if found is not None:
            self.current = int(found[1])
            line = line.strip()[found.end() :]
            if not line:
                return
        event = self._event(line)
        if _is_for_nobody(event):
            await self._list(event)
        elif self.current is None:
            print("  (Nobody has asked for a person yet.)", file=self.out, flush=True)
        else:
            await self.store.add(CONSOLE, event)

    def _event(self, line: str) -> TextSaid | ButtonPressed | CommandGiven:
        stripped = line.strip()
        button = numbered(stripped, self.buttons)
        if button is not None:
            return ButtonPressed(
                payload=button.payload, at=self.clock(), number=0, by=self.by, group=TERMINAL,
                case=self.current,
            )  # fmt: skip
        said = mask(mend(line))
        if stripped.startswith("/") and not stripped.startswith("//"):
            name, _, argument = said.text.strip()[1:].partition(" ")
            return CommandGiven(
                name=name.lower(), argument=argument, at=self.clock(), number=0, by=self.by,
                group=TERMINAL, case=self.current,
            )  # fmt: skip
        return TextSaid(
            text=said.text, masked=bool(said.kinds), at=self.clock(), number=0, by=self.by,
            group=TERMINAL, case=self.current,
        )  # fmt: skip

    async def _list(self, event: Event) -> None:
        """What belongs to no resident is decided here."""
        ready = await prepared(event, self.store, self.clock())
        reply = decide(Session(), ready, self.knowledge())
        for call in calls_for_desk(reply):
            self._show(call.payload)

    def _show(self, payload: Payload) -> None:
        match payload:
            case {"number": int() as number, "text": str() as text, "buttons": list() as buttons}:
                self.current = number or self.current
                if buttons:
                    self.buttons = tuple(Button(label=one, payload=two) for one, two in buttons)
                print(f"\n[#{number}] {text}" if number else f"\n{text}", file=self.out)
                for position, (label, _) in enumerate(buttons, 1):
                    print(f"  [{position}] {label}", file=self.out)
                self.out.flush()


def _is_for_nobody(event: Event) -> bool:
    """Whether it concerns no resident: a list, or a question that was missed."""
    match event:
        case CommandGiven(name="open" | "stats" | "help"):
            return True
        case ButtonPressed(payload=payload):
            return payload.startswith("missed:")
        case _:
            return False


def attend(desk: DeskTerminal, source: TextIO, out: TextIO) -> None:
    """Show what comes and take what is typed, until the end of the input."""
    ended = threading.Event()

    def watch() -> None:
        with asyncio.Runner() as runner:
            while not ended.is_set():
                with desk.lock:
                    runner.run(desk.show_new())
                ended.wait(LOOK_SECONDS)

    watching = threading.Thread(target=watch, name="desk", daemon=True)
    watching.start()
    print("Waiting for somebody in `madoguchi chat` who asks for a person. /help", file=out)
    try:
        with asyncio.Runner() as runner:
            for line in lines(source, source.isatty() and out.isatty()):
                if line.strip():
                    with desk.lock:
                        runner.run(desk.hear(line.rstrip("\n")))
    finally:
        ended.set()
        watching.join(2)
