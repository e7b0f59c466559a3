"""What `respond` wants done, imperative; `wording` turns those that speak into messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.dialogs.answers import Value
from bot.core.session import Reminder

Part = Literal["short", "more", "japanese"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAnswer:
    """Say an answer; `paper` is the id of the letter that led to it."""

    intent: str
    part: Part = "short"
    paper: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestAnswers:
    """Ask "did you mean ...?"; `several`: the message asked more than one thing."""

    intents: tuple[str, ...]
    several: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmitMiss:
    """Say that the message was not understood, and offer every way on."""

    person_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTopics:
    """List all topics, some of them, or the answers of one."""

    topic: str | None = None
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLanguages:
    """List the languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSwitch:
    """The message was in another language than the chosen one: offer to switch to it."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPlaces:
    """List the municipalities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Say a sentence of messages.yaml; `place` is a municipality that it names."""

    message: str
    place: str | None = None
    group: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskToForget:
    """Ask whether everything about the resident shall be erased; `step` marks its buttons."""

    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """Erase everything that is kept about this conversation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountFeedback:
    """Count whether an answer helped: no text, no person."""

    intent: str
    helpful: bool


Problem = Literal["wrong", "ambiguous", "why"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskQuestion:
    """Ask a question of a dialog. `given` are the answers that led here, `ahead` how many more.

    `told` is the key of the answer just understood, `problem` why the question is asked again,
    `between` what an ambiguous answer may mean, `picked` the choices marked so far; `step` marks
    the buttons.
    """

    dialog: str
    key: str
    given: tuple[tuple[str, Value], ...]
    ahead: int
    step: int
    told: str | None = None
    problem: Problem | None = None
    between: tuple[Value, ...] = ()
    picked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOutcome:
    """Show the result of a dialog; in Japanese for the counter, or the answers to change one."""

    dialog: str
    outcome: str
    given: tuple[tuple[str, Value], ...]
    step: int
    part: Literal["result", "japanese", "answers"] = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferResume:
    """There is an unfinished dialog: go on, begin again, or leave it."""

    dialog: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveCalendar:
    """Give the days of a result as a calendar file."""

    dialog: str
    outcome: str
    given: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReminders:
    """Say on which days the resident is reminded, and offer to change how many days before."""

    days: tuple[str, ...]
    before: tuple[int, ...]
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReminders:
    """List the reminders, each with a way to remove it."""

    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind:
    """Remind of something so many days before; below 0: it was due already."""

    reminder: Reminder
    days_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeLater:
    """Let a ReminderDue happen at a moment."""

    at: datetime
    day: str
    subject: str
    before: int


Effect = (
    ShowAnswer
    | SuggestAnswers
    | AdmitMiss
    | ShowTopics
    | OfferLanguages
    | OfferSwitch
    | OfferPlaces
    | Say
    | AskToForget
    | Forget
    | CountFeedback
    | AskQuestion
    | ShowOutcome
    | OfferResume
    | GiveCalendar
    | ConfirmReminders
    | ListReminders
    | Remind
    | WakeLater
)
