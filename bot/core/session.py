"""What the bot remembers of one conversation; small on purpose."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.core.consultation.shapes import REOPEN_DAYS, Case, Exchange
from bot.core.dialogs.answers import Value

ELSEWHERE = "elsewhere"
"""The resident's municipality is none of ours."""

Expected = Literal["question", "comment"]

SESSION_DAYS = 30
"""A session that was not used for so long is erased."""

DONE_HOURS = 48
"""An emptied record that a message was handled is kept so long: Telegram may deliver again."""


FINISHED_HOURS = 24
"""The answers of a finished dialog are kept so long, for changing one or asking a person; the
last exchanges too."""

MISSED_DAYS = 30
"""A question that was not understood is kept so long, without a person."""

STATISTICS_DAYS = 90
"""What is counted of a consultation, and its topic, is kept so long after its end."""

MOST_EXCHANGES = 3
"""Of the last messages so many are kept, for the person who may be asked next."""


RETENTION = {
    "session_days": str(SESSION_DAYS),
    "done_hours": str(DONE_HOURS),
    "finished_hours": str(FINISHED_HOURS),
    "missed_days": str(MISSED_DAYS),
    "exchanges": str(MOST_EXCHANGES),
    "consultation_days": str(REOPEN_DAYS),
    "statistics_days": str(STATISTICS_DAYS),
}
"""What residents read about time, from the same numbers that the cleaning obeys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A dialog that somebody is in, or has just finished.

    `answers` in the order given; `step` is the event that asked last: only its buttons count.
    `asks` is the key asked then, None at the result; `picked` the choices marked so far; `at` the
    ISO moment of the last answer; `paused` once the resident turned to something else.
    """

    dialog: str
    answers: tuple[tuple[str, Value], ...] = ()
    step: int
    at: str
    asks: str | None = None
    picked: tuple[str, ...] = ()
    paused: bool = False

    @property
    def finished(self) -> bool:
        """Whether the result was shown."""
        return self.asks is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A day (ISO) on which something is due, and how many days before it is still to be said.

    `subject` is what is due: a sentence step.row.SUBJECT; `yen` and `place` where they are known.
    """

    day: str
    subject: str
    yen: int | None = None
    place: str | None = None
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The state between two messages of one resident.

    `language` and `place` are the resident's own choices, `heard` the language of what they wrote
    last, where that is clear and none is chosen; `answer` is the id of the last answer,
    `misses` how many messages in a row were not understood, `message` the channel's number of the
    last question (an edit of it is asked again), `asked` the event that asked for a confirmation:
    only its buttons count, `foreign` the language in
    which the resident was told that we do not answer in it.

    `trail` are the last exchanges, newest last. `expects` is what the next text is for, since
    when: a question to a person, or a comment on a consultation. `known_as` is the number of the
    first consultation: by it the consultants know the resident. `opened` are the moments when the
    last consultations began. `barred` is the ISO day until which there is none.
    """

    language: str | None = None
    heard: str | None = None
    place: str | None = None
    answer: str | None = None
    misses: int = 0
    message: int | None = None
    asked: int | None = None
    foreign: str | None = None
    run: Run | None = None
    reminders: tuple[Reminder, ...] = ()
    trail: tuple[Exchange, ...] = ()
    expects: Expected | None = None
    expects_since: str | None = None
    case: Case | None = None
    known_as: int | None = None
    opened: tuple[str, ...] = ()
    barred: str | None = None


def recent(trail: tuple[Exchange, ...], at: datetime) -> tuple[Exchange, ...]:
    """The exchanges that may still be kept."""
    oldest = at - timedelta(hours=FINISHED_HOURS)
    return tuple(one for one in trail if datetime.fromisoformat(one.at) >= oldest)
