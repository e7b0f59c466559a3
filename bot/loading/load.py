"""`load`: a folder of knowledge and a folder of translations -> `Knowledge`, or why not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.core.knowledge import SOURCE_LANGUAGE, Catalogue, Knowledge
from bot.core.matching import Matcher
from bot.core.matching.normal import normalise
from bot.core.shapes import Place
from bot.loading.catalogues import language_files, read_catalogue
from bot.loading.checks import check_library
from bot.loading.dialogs import extend_dialogs
from bot.loading.learned import fit_or_remember
from bot.loading.library import Library, read_library, values, yaml_files
from bot.loading.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What came of loading: `knowledge` is None if there is any error."""

    knowledge: Knowledge | None
    library: Library
    catalogues: Mapping[str, Catalogue]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that block."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def load(intents: Path, translations: Path, default_language: str = SOURCE_LANGUAGE) -> Loaded:
    """Read, shape and cross-check everything; all problems at once, none raised."""
    if not intents.is_dir():
        todo = "Mend content.intents in the configuration."
        missing = Problem(
            file=intents.as_posix(), line=1, what="There is no such folder.", todo=todo
        )
        return Loaded(knowledge=None, library=Library(), catalogues={}, problems=(missing,))
    library = read_library(intents)
    extend_dialogs(library)
    problems = [*library.problems]
    if not library.problems:  # what a broken file would have said is not "missing"
        problems += check_library(library)
    if not library.answers and not problems:
        problems.append(
            Problem(
                file=intents.as_posix(),
                line=1,
                what="There are no answers here.",
                todo="Name the folder with the knowledge.",
            )
        )
    catalogues: dict[str, Catalogue] = {}
    for language, path in language_files(translations).items():
        catalogues[language], wrong = read_catalogue(path)
        problems += wrong
    if default_language not in (SOURCE_LANGUAGE, *catalogues):
        problems.append(
            Problem(
                file=translations.as_posix(),
                line=1,
                what=f"There is no language {default_language}.",
                todo="Mend default_language in the configuration, or add its .po file.",
            )
        )
    blocked = any(problem.severity == "error" for problem in problems)
    knowledge = None if blocked else _knowledge(library, catalogues, default_language)
    return Loaded(
        knowledge=knowledge,
        library=library,
        catalogues=catalogues,
        problems=tuple(sorted(problems)),
    )


def signature(intents: Path, translations: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when any file of the knowledge changes: names, sizes and times."""
    found: list[tuple[str, int, int]] = []
    for path in (*yaml_files(intents), *language_files(translations).values()):
        with suppress(OSError):  # it was removed just now
            stat = path.stat()
            found.append((str(path), stat.st_size, stat.st_mtime_ns))
    return tuple(sorted(found))


def _knowledge(
    library: Library, catalogues: Mapping[str, Catalogue], default_language: str
) -> Knowledge:
    examples: defaultdict[str, defaultdict[str, tuple[str, ...]]] = defaultdict(
        lambda: defaultdict(tuple)
    )
    for language, entry in library.examples:
        examples[language][entry.name] += entry.value
    words, papers = values(library.words), values(library.papers)
    return Knowledge(
        answers=values(library.answers),
        examples=examples,
        words=words,
        figures=values(library.figures),
        rates=values(library.rates),
        places=values(library.places),
        papers=papers,
        topics=values(library.topics),
        dialogs=values(library.dialogs),
        messages={name: entry.value.strip() for name, entry in library.messages.items()},
        catalogues=catalogues,
        matcher=Matcher(examples, words, papers, fit_or_remember),
        place_names=dict(_place_names(values(library.places))),
        default_language=default_language,
    )


def _place_names(places: Mapping[str, Place]) -> Iterator[tuple[str, str]]:
    """Every spelling of a municipality that a resident may type."""
    for name, place in places.items():
        if place.kind == "municipality":
            for spelling in (place.name.en, place.name.ja, *place.also):
                yield normalise(spelling), name
