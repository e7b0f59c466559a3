"""The conversation in a terminal: buttons are numbers, commands begin with a slash.

Also for programs: `--jsonl` takes {"say": "..."} or {"press": "label or number"} a line, and
gives one line of {"replies": [{"text", "buttons", "intent", "band"}]} for each; a reply with a
file also has {"file": {"name", "content"}}. Reminders are said on Telegram only.
"""

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO, TypedDict

from bot.channels.desk import LOOK_SECONDS, calls_for_desk
from bot.channels.terminal import DIM, PLAIN, asks_for_words, lines, numbered, plain
from bot.core.consultation.shapes import PERSON_SIGN
from bot.core.effects import MirrorEdit, RelayText, WakeLater
from bot.core.events import ButtonPressed, CommandGiven, Event, ReminderDue, TextSaid
from bot.core.message import Button
from bot.core.privacy import mask, mend
from bot.core.session import Session
from bot.service.conversing import Reply, decide, finished
from bot.service.keeper import Keeper
from bot.storage import Finished, Store
from bot.storage.store import CONSOLE

Clock = Callable[[], datetime]


class Moment(TypedDict):
    """What every event has; the store gives its number."""

    at: datetime
    number: int
    hint: str | None
    message: int


@dataclass(slots=True)
class Console:
    """One conversation in a terminal. `hint` is the language that Telegram would report."""

    keeper: Keeper
    store: Store
    clock: Clock
    hint: str | None = None
    number: int = 0
    runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    buttons: tuple[Button, ...] = ()
    unseen: list[Reply] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def say(self, line: str) -> Reply:
        """A line as typed: a button's number, a command, or text."""
        stripped = line.strip()
        button = None if asks_for_words(self.buttons) else numbered(stripped, self.buttons)
        if button is not None:
            return self._turn(ButtonPressed(payload=button.payload, **self._moment()))
        said = mask(mend(line.rstrip("\r\n")))
        if stripped.startswith("/") and len(stripped) > 1:
            name, _, argument = said.text.strip()[1:].partition(" ")
            return self._turn(CommandGiven(name=name, argument=argument, **self._moment()))
        masked = bool(said.kinds)
        return self._turn(TextSaid(text=said.text, masked=masked, **self._moment()))

    def press(self, label: str) -> Reply | None:
        """A button by its number or its label; None if there is no such button."""
        button = numbered(label, self.buttons) or next(
            (one for one in self.buttons if label in (one.label, one.payload)), None
        )
        if button is None:
            return None
        return self._turn(ButtonPressed(payload=button.payload, **self._moment()))

    def news(self) -> list[Reply]:
        """What consultants wrote meanwhile; from any thread."""
        with self.lock, asyncio.Runner() as runner:
            replies = [*self.unseen, *runner.run(self._decide_waiting()).values()]
            self.unseen = []
            for reply in replies:
                self._remember_buttons(reply)
            return replies

    async def _converse(self, event: Event) -> Reply:
        number = await self.store.add(CONSOLE, event)
        decided = await self._decide_waiting()
        reply = decided.pop(number)
        self.unseen += decided.values()
        return reply

    async def _decide_waiting(self) -> dict[int, Reply]:
        """Decide what waits in this conversation: the resident's words and the consultants'."""
        decided: dict[int, Reply] = {}
        while (waiting := await self.store.next_for(CONSOLE)) is not None:
            reply = decide(waiting.session, waiting.event, self.keeper.knowledge)
            turn = replace(
                finished(reply, CONSOLE),
                seq=waiting.seq,
                calls=calls_for_desk(reply),
                later=(),  # a terminal cannot wake anybody
            )
            await self.store.finish([turn], waiting.event.at)
            decided[waiting.seq] = reply
        return decided

    def begin(self, session: Session) -> None:
        """Begin as a new resident, whatever was said here before."""

        async def begin() -> None:
            anew = Finished(conversation=CONSOLE, session=session)
            while (waiting := await self.store.next_for(CONSOLE)) is not None:
                await self.store.finish([replace(anew, seq=waiting.seq)], self.clock())
            await self.store.finish([replace(anew, forget=True), anew], self.clock())

        self.runner.run(begin())

    def close(self) -> None:
        """Close the database."""
        self.runner.run(self.store.close())
        self.runner.close()

    def _moment(self) -> Moment:
        self.number += 1
        return {"at": self.clock(), "number": 0, "hint": self.hint, "message": self.number}

    def _turn(self, event: Event) -> Reply:
        with self.lock:
            reply = self.runner.run(self._converse(event))
            self._remember_buttons(reply)
        return reply

    def _remember_buttons(self, reply: Reply) -> None:
        """The numbers on the screen are those of what was said last."""
        if reply.messages:
            rows = [row for message in reply.messages for row in message.buttons]
            self.buttons = tuple(button for row in rows for button in row)


def chat(console: Console, source: TextIO, out: TextIO) -> None:
    """Talk until the end of the input; a terminal gets a prompt, line editing and bold."""
    terminal = source.isatty() and out.isatty()
    show(console.say("/start"), out, terminal)
    if terminal:
        threading.Thread(target=_watch, args=(console, out), name="chat", daemon=True).start()
    for line in lines(source, terminal):
        if not line.strip():
            continue
        console.keeper.refresh(lambda problems: _tell(problems, out), console.clock().date())
        for reply in (*console.news(), console.say(line), *console.news()):
            show(reply, out, terminal)


def _watch(console: Console, out: TextIO) -> None:
    """Show what consultants write while the resident is not typing."""
    while True:
        time.sleep(LOOK_SECONDS)
        for reply in console.news():
            show(reply, out, True)


def chat_jsonl(console: Console, source: TextIO, out: TextIO) -> None:
    """One JSON object a line in, one out; a line that cannot be read is answered with its error."""
    for line in source:
        if line.strip():
            console.keeper.refresh(
                lambda problems: _tell(problems, sys.stderr), console.clock().date()
            )
            print(json.dumps(_answer(console, line), ensure_ascii=False), file=out, flush=True)


def _answer(console: Console, line: str) -> dict[str, object]:
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as error:
        return {"error": f"This line is not JSON ({error.msg}).", "replies": []}
    match asked:
        case {"say": str(text)}:
            return {"replies": _with_news(console, console.say(text))}
        case {"press": str() | int() as label}:
            reply = console.press(str(label))
            if reply is None:
                return {"error": f"There is no button {label}.", "replies": []}
            return {"replies": _with_news(console, reply)}
        case _:
            return {"error": 'Write {"say": "..."} or {"press": "..."}.', "replies": []}


def _with_news(console: Console, reply: Reply) -> list[dict[str, object]]:
    return [one for heard in (*console.news(), reply) for one in as_data(heard)]


def as_data(reply: Reply) -> list[dict[str, object]]:
    """A reply as JSON: the band is that of the message that was understood, null for buttons."""
    ranking = reply.turn.ranking
    spoken: list[dict[str, object]] = [
        {"text": text, "buttons": [], "intent": None, "band": None}
        for text in said_by_people(reply)
    ]
    return spoken + [
        {
            "text": message.text,
            "buttons": [button.label for row in message.buttons for button in row],
            "intent": message.intent,
            "band": ranking.band if ranking else None,
            **({"file": asdict(message.file)} if message.file else {}),
        }
        for message in reply.messages
    ]


def said_by_people(reply: Reply) -> list[str]:
    """What a consultant wrote to the resident."""
    passed = [one for one in reply.turn.effects if isinstance(one, RelayText | MirrorEdit)]
    return [PERSON_SIGN + one.text for one in passed if one.to == "resident"]


def show(reply: Reply, out: TextIO, terminal: bool) -> None:
    """Print a reply; the numbers of the buttons run through all its messages."""
    number = 0
    worded = asks_for_words(
        button for message in reply.messages for row in message.buttons for button in row
    )
    for text in said_by_people(reply):
        print("\n" + text, file=out)
    for message in reply.messages:
        print("\n" + plain(message, terminal), file=out)
        if message.file is not None:
            path = Path(message.file.name)
            path.write_text(message.file.content, "utf-8")
            print(f"  ({path.resolve()})", file=out)
        for row in message.buttons:
            labels = []
            for button in row:
                number += 1
                labels.append(f"[{button.label}]" if worded else f"[{number}] {button.label}")
            print(
                f"  {DIM if terminal else ''}{'   '.join(labels)}{PLAIN if terminal else ''}",
                file=out,
            )
    woken = [one.event for one in reply.turn.effects if isinstance(one, WakeLater)]
    if any(isinstance(event, ReminderDue) for event in woken):
        print("  (A terminal cannot remind you: only the bot on Telegram does.)", file=out)
    out.flush()


def _tell(problems: tuple[object, ...], out: TextIO) -> None:
    print("The change has mistakes; the last good knowledge stays in force:", file=out)
    for problem in problems:
        print(f"  {problem}", file=out)
