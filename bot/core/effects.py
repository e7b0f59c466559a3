"""What `respond` wants done, imperative; `wording` turns those that speak into messages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.core.consultation.shapes import Case, Media, Overview, Side, Ticket
from bot.core.dialogs.answers import Value
from bot.core.events import Event
from bot.core.session import Reminder, Session

Part = Literal["short", "more", "japanese"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAnswer:
    """Say an answer; `paper` is the id of the letter that led to it."""

    intent: str
    part: Part = "short"
    paper: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestAnswers:
    """Ask "did you mean ...?"; `several`: the message asked more than one thing.

    `guessed`: nothing in the message speaks for them, so that it may be anything, danger too.
    """

    intents: tuple[str, ...]
    several: bool = False
    guessed: bool = False


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
    """Let an event happen at its moment."""

    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """Say a sentence about a consultation to the resident, with the buttons that belong to it.

    `step` marks buttons that count once, `opens` is when the office opens (None: it is open until
    `closes`), `day_off` why it is closed, `until` an ISO day.
    """

    message: str
    case: Case | None = None
    step: int = 0
    opens: datetime | None = None
    closes: datetime | None = None
    day_off: date | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAnswer:
    """While nobody has taken the consultation: a sure answer, as a button."""

    intent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDialog:
    """A consultant suggests to work something out."""

    dialog: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCard:
    """The pinned card of a consultation: sent once, then edited. `at` is now."""

    case: Case
    session: Session
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NameTopic:
    """The title of a topic: number, status, language, subject."""

    case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class TellStaff:
    """Say a sentence to the consultants, in the topic of a ticket (number 0: beside all topics)."""

    ticket: Ticket
    message: str
    values: tuple[tuple[str, str], ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewAnswer:
    """Show consultants an answer in both languages before it is sent."""

    ticket: Ticket
    intent: str
    language: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseIntent:
    """Let consultants choose an intent; `payload` comes before its id."""

    ticket: Ticket
    message: str
    intents: tuple[str, ...]
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOverview:
    """Lists for consultants: what waits (open), figures (stats), both (digest)."""

    ticket: Ticket
    overview: Overview
    kind: Literal["open", "stats", "digest"]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayText:
    """Pass a text on to the other side; `marks` are the channel's own (bold, links)."""

    ticket: Ticket
    to: Side
    text: str
    marks: str | None = None
    message: int | None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayMedia:
    """Copy what is not text to the other side: one thing, or a whole album."""

    ticket: Ticket
    to: Side
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorEdit:
    """Change the copy of a message as the message was changed; `text` is its text or caption."""

    ticket: Ticket
    to: Side
    message: int
    text: str
    marks: str | None = None
    kind: str = "text"
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """Delete the resident's copy of a consultant's message; if `asked` for, failing is told."""

    ticket: Ticket
    message: int
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseTopic:
    """Delete the topic of a consultation with all that is in it."""

    ticket: Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMiss:
    """Keep a question that was not understood, without a person."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileExample:
    """Keep a wording as a candidate example of an intent, for review."""

    text: str
    language: str
    intent: str


Relay = RelayText | RelayMedia | MirrorEdit | Withdraw | EraseTopic
"""What a channel passes on as it is."""

ForStaff = ShowCard | NameTopic | TellStaff | PreviewAnswer | ChooseIntent | ShowOverview
"""What is worded for the consultants."""

Silent = CountFeedback | Forget | WakeLater | NoteMiss | FileExample
"""What is done and not said."""

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
    | AskQuestion
    | ShowOutcome
    | OfferResume
    | GiveCalendar
    | ConfirmReminders
    | ListReminders
    | Remind
    | Consult
    | OfferAnswer
    | OfferDialog
    | ForStaff
    | Relay
    | Silent
)
