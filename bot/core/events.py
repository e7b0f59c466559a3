"""What can happen in a conversation: the only input of `respond`, past tense."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSaid:
    """The resident wrote something. `hint` is the language of their app, if it says so."""

    text: str
    at: datetime
    number: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed:
    """The resident pressed a button; `payload` is what the bot once put behind it."""

    payload: str
    at: datetime
    number: int
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandGiven:
    """The resident gave a command: its name without the slash, and what stood behind it."""

    name: str
    argument: str
    at: datetime
    number: int
    hint: str | None = None


Event = TextSaid | ButtonPressed | CommandGiven
