"""A mistake in a file, told to the person who edits it: where, what, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import process

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """An error keeps the last good knowledge in force; a warning never blocks; a note is advice."""

    file: str
    line: int
    what: str
    todo: str
    severity: Severity = "error"

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.file}:{self.line}: {mark}{self.what} {self.todo}"


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """What to do about an unknown name: the nearest known one, or `otherwise`."""
    found = process.extractOne(word, list(known), score_cutoff=60)
    return f"Did you mean {found[0]}?" if found else otherwise


def unreadable(file: str, error: OSError) -> Problem:
    """A file that is there and cannot be opened."""
    what = f"The file cannot be read ({error.strerror})."
    return Problem(file=file, line=1, what=what, todo="Check that it is a file that you may read.")
