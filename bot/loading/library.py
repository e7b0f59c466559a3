"""All files of a knowledge folder as read, with their lines: what load, checks and messages use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.calculators.dated import Figure, RateTable, Source
from bot.core.dialogs.shapes import Dialog
from bot.core.shapes import Answer, Place
from bot.loading.problems import Problem, unreadable
from bot.loading.read import kind_of, shape
from bot.loading.strict_yaml import Document, Mistake, parse

At = tuple[str | int, ...]
"""A path within a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that a file says, with the document and the path at which it stands."""

    name: str
    value: Any
    document: Document
    path: At = ()


@dataclass(slots=True)
class Library:
    """Every file, by kind; entries carry ids such as nhi.enrol, deadlines.report, tokyo_hino."""

    answers: dict[str, Entry] = field(default_factory=dict)
    examples: list[tuple[str, Entry]] = field(default_factory=list)
    words: dict[str, Entry] = field(default_factory=dict)
    figures: dict[str, Entry] = field(default_factory=dict)
    rates: dict[str, Entry] = field(default_factory=dict)
    places: dict[str, Entry] = field(default_factory=dict)
    papers: dict[str, Entry] = field(default_factory=dict)
    topics: dict[str, Entry] = field(default_factory=dict)
    messages: dict[str, Entry] = field(default_factory=dict)
    dialogs: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def sources(self) -> Iterator[tuple[Entry, At, Source]]:
        """Every source with the entry and the path at which it stands."""
        for kind in (self.answers, self.dialogs, self.figures, self.rates, self.places):
            for entry in kind.values():
                yield from ((entry, (*entry.path, *at), one) for at, one in _sources(entry.value))


def _sources(value: Any) -> Iterator[tuple[At, Source]]:
    """The sources that one thing names, and where in it."""
    match value:
        case Answer():
            yield from ((("sources", index), one) for index, one in enumerate(value.sources))
        case Dialog():
            for name, outcome in value.outcomes.items():
                for index, one in enumerate(outcome.sources):
                    yield ("outcomes", name, "sources", index), one
        case Figure():
            for index, dated in enumerate(value.values):
                yield ("values", index, "source"), dated.source
        case RateTable():
            for index, year in enumerate(value.years):
                yield ("years", index, "source"), year.source
        case Place():
            for name, counter in value.counters.items():
                yield ("counters", name, "source"), counter.source
            parts = {"instalments": value.instalments, "ways_to_pay": value.ways_to_pay}
            yield from (((name, "source"), one.source) for name, one in parts.items() if one)


def yaml_files(folder: Path) -> list[Path]:
    """The files of the knowledge; editors keep files of their own beside them, with a dot."""
    return sorted(path for path in folder.rglob("*.yaml") if not path.name.startswith("."))


def read_library(folder: Path) -> Library:
    """Read every .yaml file below a folder; what cannot be read becomes a problem."""
    library = Library()
    for path in yaml_files(folder):
        file = path.relative_to(folder).as_posix()
        kind = kind_of(file)
        if kind is None:
            library.problems.append(
                Problem(
                    file=file,
                    line=1,
                    what="A file of this name or place is not known.",
                    todo="See README.md for where files belong.",
                )
            )
            continue
        try:
            document = parse(file, path.read_bytes())
        except OSError as error:
            library.problems.append(unreadable(file, error))
            continue
        except Mistake as mistake:
            library.problems.append(mistake.problem)
            continue
        content, problems = shape(document, kind)
        library.problems += problems
        if content is not None:
            _file(library, kind, document, content)
    return library


def _file(library: Library, kind: str, document: Document, content: Any) -> None:
    """Put what a file says where it belongs."""
    parts = document.file.removesuffix(".yaml").split("/")
    match kind:
        case "answers":
            name = ".".join(parts[1:])
            library.answers[name] = Entry(name=name, value=content, document=document)
        case "examples":
            library.examples += [
                (parts[1], Entry(name=name, value=texts, document=document, path=(name,)))
                for name, texts in content.items()
            ]
        case "words":
            library.words[parts[1]] = Entry(name=parts[1], value=content, document=document)
        case "tables":
            for key, figure in content.items():
                name = f"{parts[1]}.{key}"
                library.figures[name] = Entry(
                    name=name, value=figure, document=document, path=(key,)
                )
        case "tables/premium_rates":
            library.rates[parts[2]] = Entry(name=parts[2], value=content, document=document)
        case "places" | "dialogs":
            entries: dict[str, Entry] = getattr(library, kind)
            entries[parts[1]] = Entry(name=parts[1], value=content, document=document)
        case _:
            entries = getattr(library, kind)
            for key, value in content.items():
                entries[key] = Entry(name=key, value=value, document=document, path=(key,))


def values(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """The bare content of entries."""
    return {name: entry.value for name, entry in entries.items()}
