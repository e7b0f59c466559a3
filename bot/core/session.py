"""What the bot remembers of one conversation; small on purpose, and without message text."""

from dataclasses import dataclass

ELSEWHERE = "elsewhere"
"""The resident's municipality is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The state between two messages of one resident.

    `language` and `place` are the resident's own choices; `answer` is the id of the last answer,
    `misses` how many messages in a row were not understood.
    """

    language: str | None = None
    place: str | None = None
    answer: str | None = None
    misses: int = 0
