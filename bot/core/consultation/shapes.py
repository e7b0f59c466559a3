"""What is remembered of a consultation (相談), and of those who take part."""

from dataclasses import dataclass
from typing import Literal

REOPEN_DAYS = 7
"""So long after its end a consultation can go on, with its number and topic; then it is erased."""

PERSON_SIGN = "👤 "
"""Before what a consultant wrote."""

MOST_NOTES = 3
CUT = 200
"""Letters of a message that are kept for the card."""

Stage = Literal["open", "closed"]
Contact = Literal["chat", "phone", "visit"]
Side = Literal["staff", "resident"]
"""Who is to get something."""


ANYBODY = 0
"""The number of a consultant of whom only a name is known: assigned by it, or anonymous."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultant:
    """A member of the staff group: Telegram's number and the name shown there."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Where the consultants' side of a consultation is: its number, and their group."""

    number: int
    chat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """What is needed to copy a message that is not text; nothing is ever downloaded.

    `caption` replaces the original one where an identity number was masked in it, or an inside line
    was taken out; `inside`: nothing is left of it, so that the whole album stays with consultants.
    """

    message: int
    kind: str
    album: str | None = None
    caption: str | None = None
    inside: bool = False
    reply_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """An answer that a consultant looks at before it is sent; `step` marks its buttons."""

    step: int
    intent: str
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A consultation: `number` is that of the event that opened it, `at` its last change (ISO).

    The bot speaks `language`, the resident `writes` what may be another one. `question` is the
    first message (masked, cut), `answered` when a consultant first wrote, `waits` since when the
    resident waits for the next answer. `held` waits for the resident's word whether it shows an
    identity number (`cleared` once that was asked; `held_step` marks the buttons); `gathered` and
    `staff_gathered` wait for the rest of their album; `inside_album` is the last one of which
    nothing goes out, however late the rest of it comes.
    """

    number: int
    chat: int
    stage: Stage
    at: str
    opened: str
    language: str
    writes: str
    subject: str | None = None
    contact: Contact | None = None
    question: str = ""
    claimed: Consultant | None = None
    answered: str | None = None
    waits: str | None = None
    notes: tuple[str, ...] = ()
    cleared: bool = False
    held: tuple[Media, ...] = ()
    held_step: int = 0
    gathered: tuple[Media, ...] = ()
    staff_gathered: tuple[Media, ...] = ()
    inside_album: str | None = None
    preview: Preview | None = None
    rating: int | None = None

    @property
    def ticket(self) -> Ticket:
        """Where its topic is."""
        return Ticket(number=self.number, chat=self.chat)

    @property
    def is_open(self) -> bool:
        """Whether what the resident writes goes to the consultants."""
        return self.stage == "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A message of the resident (masked, cut), and what it was understood as.

    `intent` is the likeliest, with its confidence from 0 to 1; `answered` says that it was shown.
    """

    said: str
    at: str
    intent: str | None = None
    confidence: float | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open consultation in a list: its title, since when it waits (ISO), and who has it."""

    number: int
    title: str
    since: str | None
    claimed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A question that was not understood, and how often."""

    id: int
    text: str
    language: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What a group's consultations look like; `opened` and `answered` as ISO moments.

    The service hands it over with the event that asks for it.
    """

    days: int = 1
    waiting: tuple[Waiting, ...] = ()
    opened: int = 0
    closed: int = 0
    first_answers: tuple[tuple[str, str], ...] = ()
    ratings: tuple[int, ...] = ()
    missed: tuple[Missed, ...] = ()
