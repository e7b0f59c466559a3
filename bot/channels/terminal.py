"""What the terminals of residents and consultants share: lines in, and messages as text."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from bot.core.dialogs.shapes import MOVES
from bot.core.message import Button, Message

BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"


def plain(message: Message, terminal: bool) -> str:
    """A message as text; bold only where a terminal shows it."""
    if not terminal:
        return message.text
    return "\n\n".join(
        "".join(f"{BOLD}{span.text}{PLAIN}" if span.bold else span.text for span in part)
        for part in message.paragraphs
    )


def numbered(typed: str, buttons: tuple[Button, ...]) -> Button | None:
    """The button whose number was typed, in any width."""
    if typed.isdecimal() and 1 <= int(typed) <= len(buttons):
        return buttons[int(typed) - 1]
    return None


def asks_for_words(buttons: Iterable[Button]) -> bool:
    """Whether the buttons only move in a dialog: then a number is the answer, a child's age, say.

    Such buttons are not pressed by number; their words can be typed.
    """
    steps = [one.payload.partition(":.") for one in buttons if one.payload.startswith("now:")]
    return bool(steps) and all(move in MOVES for _, _, move in steps)


def lines(source: TextIO, terminal: bool) -> Iterator[str]:
    """Every line, with a prompt and line editing at a terminal."""
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
