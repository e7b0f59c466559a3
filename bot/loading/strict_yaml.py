"""YAML as staff expect it, from the parser's events: no surprises, and a line for every value.

Plain PyYAML reads 9:00 as 540, 0120 as 80, yes as True and "#7119" as nothing; two keys of one
name as the last one; and a few hundred bytes of anchors as gigabytes. Here only null, true,
false, whole numbers, decimals and dates are anything but text; anchors, tags and double keys are
refused, size and depth are limited.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.loading.problems import Problem

MOST_BYTES = 1_048_576
DEEPEST = 20

Path = tuple[str | int, ...]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {"null": None, "~": None, "": None, "true": True, "false": False}
_LOADER: type[yaml.CSafeLoader] | type[yaml.SafeLoader] = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)


class Mistake(Exception):
    """A file cannot be read; carries the problem that says so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(slots=True)
class Document:
    """The content of a file as plain dicts, tuples and scalars, and the line of every path."""

    file: str
    content: object = None
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def problem(self, path: Path, what: str, todo: str) -> Problem:
        """An error at a value."""
        return Problem(file=self.file, line=self.line(path), what=what, todo=todo)

    def warning(self, path: Path, what: str, todo: str) -> Problem:
        """A warning at a value."""
        return Problem(
            file=self.file, line=self.line(path), what=what, todo=todo, severity="warning"
        )

    def note(self, path: Path, what: str, todo: str) -> Problem:
        """Advice at a value."""
        return Problem(file=self.file, line=self.line(path), what=what, todo=todo, severity="note")


def parse(file: str, raw: bytes) -> Document:
    """Read one file. Raises `Mistake` at the first thing that makes the rest unreadable."""
    document = Document(file)
    if len(raw) > MOST_BYTES:
        raise Mistake(document.problem((), "The file is larger than 1 MiB.", "Divide it."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Mistake(
            Problem(
                file=file,
                line=line,
                what="This is not UTF-8 text.",
                todo="Save the file with the encoding UTF-8.",
            )
        ) from None
    try:
        events = (event for event in yaml.parse(text, Loader=_LOADER))
        document.content = _Reader(document, events).document()
    except yaml.MarkedYAMLError as error:
        raise Mistake(_explain(file, error)) from None
    except yaml.YAMLError as error:
        what = f"A character cannot be read ({str(error).splitlines()[0]})."
        raise Mistake(Problem(file=file, line=1, what=what, todo="Delete it.")) from None
    return document


class _Reader:
    def __init__(self, document: Document, events: Iterator[Event]) -> None:
        self._document = document
        self._events = events

    def document(self) -> object:
        content: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
            elif isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent):
                content = self._value(event, ())
            if documents > 1:
                raise self._mistake(
                    _line(event), "--- divides files, and one file is expected here.", "Delete it."
                )
        return content

    def _value(self, event: Event, path: Path) -> object:
        line = _line(event)
        self._document.lines.setdefault(path, line)
        if len(path) > DEEPEST:
            raise self._mistake(line, "There are too many levels.", "Write it flatter.")
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise self._mistake(
                line, "& and * have a special meaning here.", 'Put the text in "quotes".'
            )
        if getattr(event, "tag", None):
            raise self._mistake(line, "! has a special meaning here.", 'Put the text in "quotes".')
        match event:
            case ScalarEvent():
                return self._scalar(event, line)
            case SequenceStartEvent():
                return tuple(self._items(path))
            case _:
                return self._mapping(path)

    def _items(self, path: Path) -> Iterator[object]:
        for index, event in enumerate(self._events):
            if isinstance(event, SequenceEndEvent):
                return
            yield self._value(event, (*path, index))

    def _mapping(self, path: Path) -> dict[str, object]:
        content: dict[str, object] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                return content
            line = _line(event)
            if not isinstance(event, ScalarEvent):
                raise self._mistake(
                    line, "A name must stand before the colon.", "Put text in quotes."
                )
            key = event.value
            if key in content:
                raise self._mistake(
                    line, f"{key!r} stands here twice.", "Join or delete one of them."
                )
            self._document.lines[(*path, key)] = line
            content[key] = self._value(next(self._events), (*path, key))
        return content

    def _scalar(self, event: ScalarEvent, line: int) -> object:
        text: str = event.value
        if event.style or not event.implicit[0]:
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if _DATE.fullmatch(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                raise self._mistake(
                    line, f"There is no day {text}.", "Write year-month-day."
                ) from None
        return text

    def _mistake(self, line: int, what: str, todo: str) -> Mistake:
        return Mistake(Problem(file=self._document.file, line=line, what=what, todo=todo))


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


_PLAIN = (
    (
        "mapping values are not allowed",
        "There is a colon inside the text.",
        'Put the whole text in "quotes".',
    ),
    (
        "cannot start any token",
        "A tab, or one of % @ `, stands at the beginning.",
        'Use spaces, or put the text in "quotes".',
    ),
    (
        "did not find expected key",
        "The spaces at the beginning of this line, or quotes or brackets near it, do not fit.",
        "Compare with the lines above.",
    ),
    (
        "did not find expected ',' or",
        "A bracket is not closed, or a comma is missing.",
        "Compare with the lines above.",
    ),
    ("found unexpected end of stream", "A quotation mark is not closed.", "Close it."),
    ("could not find expected ':'", "A colon is missing after the name.", "Write name: text."),
    ("found undefined alias", "* has a special meaning here.", 'Put the text in "quotes".'),
)


def _explain(file: str, error: yaml.MarkedYAMLError) -> Problem:
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    for needle, what, todo in _PLAIN:
        if needle in said:
            return Problem(file=file, line=line, what=what, todo=todo)
    what = f"This is not readable ({(error.problem or '').strip()})."
    return Problem(file=file, line=line, what=what, todo="Compare with a file that works.")
