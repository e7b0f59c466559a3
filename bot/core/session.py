"""What the bot remembers of one conversation; small on purpose, and without message text."""

from dataclasses import dataclass

ELSEWHERE = "elsewhere"
"""The resident's municipality is none of ours."""

SESSION_DAYS = 30
"""A session that was not used for so long is erased."""

DONE_HOURS = 48
"""An emptied record that a message was handled is kept so long: Telegram may deliver again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The state between two messages of one resident.

    `language` and `place` are the resident's own choices; `answer` is the id of the last answer,
    `misses` how many messages in a row were not understood, `message` the channel's number of the
    last question (an edit of it is asked again), `asked` the event that asked for a confirmation:
    only its buttons count, `foreign` the language in
    which the resident was told that we do not answer in it.
    """

    language: str | None = None
    place: str | None = None
    answer: str | None = None
    misses: int = 0
    message: int | None = None
    asked: int | None = None
    foreign: str | None = None
