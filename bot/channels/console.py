"""The conversation in a terminal: buttons are numbers, commands begin with a slash.

Also for programs: `--jsonl` takes {"say": "..."} or {"press": "label or number"} a line, and
gives one line of {"replies": [{"text", "buttons", "intent", "band"}]} for each; a reply with a
file also has {"file": {"name", "content"}}. Reminders are said on Telegram only.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO, TypedDict

from bot.core.effects import WakeLater
from bot.core.events import ButtonPressed, CommandGiven, Event, TextSaid
from bot.core.message import Button, Message
from bot.core.session import Session
from bot.service.conversing import Reply, decide, finished
from bot.service.keeper import Keeper
from bot.storage import Finished, Store

CONVERSATION = "console"
BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"

Clock = Callable[[], datetime]


class Moment(TypedDict):
    """What every event has."""

    at: datetime
    number: int
    hint: str | None


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

    def say(self, line: str) -> Reply:
        """A line as typed: a button's number, a command, or text."""
        stripped = line.strip()
        button = self._button(stripped)
        if button is not None:
            return self._turn(ButtonPressed(payload=button.payload, **self._moment()))
        if stripped.startswith("/") and len(stripped) > 1:
            name, _, argument = stripped[1:].partition(" ")
            return self._turn(CommandGiven(name=name, argument=argument, **self._moment()))
        return self._turn(TextSaid(text=line, **self._moment()))

    def press(self, label: str) -> Reply | None:
        """A button by its number or its label; None if there is no such button."""
        button = self._button(label) or next(
            (one for one in self.buttons if label in (one.label, one.payload)), None
        )
        if button is None:
            return None
        return self._turn(ButtonPressed(payload=button.payload, **self._moment()))

    async def _converse(self, event: Event) -> Reply:
        session = await self.store.session(CONVERSATION)
        reply = decide(session, event, self.keeper.knowledge)
        turn = replace(finished(reply, CONVERSATION), later=())  # a terminal cannot wake anybody
        await self.store.finish([turn], event.at)
        return reply

    def begin(self, session: Session) -> None:
        """Begin as a new resident, whatever was said here before."""
        turn = Finished(conversation=CONVERSATION, session=session)
        self.runner.run(self.store.finish([turn], self.clock()))

    def close(self) -> None:
        """Close the database."""
        self.runner.run(self.store.close())
        self.runner.close()

    def _moment(self) -> Moment:
        self.number += 1
        return {"at": self.clock(), "number": self.number, "hint": self.hint}

    def _button(self, typed: str) -> Button | None:
        if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(self.buttons):
            return self.buttons[int(typed) - 1]
        return None

    def _turn(self, event: Event) -> Reply:
        reply = self.runner.run(self._converse(event))
        shown = [button for message in reply.messages for row in message.buttons for button in row]
        self.buttons = tuple(shown)
        return reply


def chat(console: Console, source: TextIO, out: TextIO) -> None:
    """Talk until the end of the input; a terminal gets a prompt, line editing and bold."""
    terminal = source.isatty() and out.isatty()
    show(console.say("/start"), out, terminal)
    for line in _lines(source, terminal):
        if not line.strip():
            continue
        console.keeper.refresh(lambda problems: _tell(problems, out), console.clock().date())
        show(console.say(line), out, terminal)


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
            return {"replies": as_data(console.say(text))}
        case {"press": str() | int() as label}:
            reply = console.press(str(label))
            if reply is None:
                return {"error": f"There is no button {label}.", "replies": []}
            return {"replies": as_data(reply)}
        case _:
            return {"error": 'Write {"say": "..."} or {"press": "..."}.', "replies": []}


def as_data(reply: Reply) -> list[dict[str, object]]:
    """A reply as JSON: the band is that of the message that was understood, null for buttons."""
    ranking = reply.turn.ranking
    return [
        {
            "text": message.text,
            "buttons": [button.label for row in message.buttons for button in row],
            "intent": message.intent,
            "band": ranking.band if ranking else None,
            **({"file": asdict(message.file)} if message.file else {}),
        }
        for message in reply.messages
    ]


def show(reply: Reply, out: TextIO, terminal: bool) -> None:
    """Print a reply; the numbers of the buttons run through all its messages."""
    number = 0
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
                labels.append(f"[{number}] {button.label}")
            print(
                f"  {DIM if terminal else ''}{'   '.join(labels)}{PLAIN if terminal else ''}",
                file=out,
            )
    if any(isinstance(effect, WakeLater) for effect in reply.turn.effects):
        print("  (A terminal cannot remind you: only the bot on Telegram does.)", file=out)
    out.flush()


def plain(message: Message, terminal: bool) -> str:
    """A message as text; bold only where a terminal shows it."""
    if not terminal:
        return message.text
    return "\n\n".join(
        "".join(f"{BOLD}{span.text}{PLAIN}" if span.bold else span.text for span in part)
        for part in message.paragraphs
    )


def _lines(source: TextIO, terminal: bool) -> Iterator[str]:
    if not terminal:
        yield from source
        return
    import readline  # noqa: F401  (gives input() its history; not on every system)

    while True:
        try:
            yield input("\n> ")
        except (EOFError, KeyboardInterrupt):
            print()
            return


def _tell(problems: tuple[object, ...], out: TextIO) -> None:
    print("The change has mistakes; the last good knowledge stays in force:", file=out)
    for problem in problems:
        print(f"  {problem}", file=out)
