"""Errors across files: what one file names, another must have. Any of them blocks a change."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from bot.calculators.dated import Dated, Figure, Unit, Value, gaps_and_overlaps
from bot.core.figures import PLACEHOLDER
from bot.core.knowledge import LETTERS, PERSON
from bot.core.sentences import SENTENCES
from bot.core.shapes import BLOCKS, Answer, Paper, Place, Topic, Words
from bot.loading.dialogs import check_dialog, result_names
from bot.loading.library import Entry, Library
from bot.loading.problems import Problem, did_you_mean
from bot.loading.texts import translatable

VALUE_TYPES: dict[Unit, tuple[type, ...]] = {
    "yen": (int,),
    "percent": (int, Decimal),
    "days": (int,),
    "months": (int,),
    "years": (int,),
    "age": (int,),
    "count": (int, Decimal),
    "date": (date,),
    "month": (date,),
    "phone": (str,),
}

NEEDED = (PERSON, LETTERS)
"""Answers that the bot's own buttons lead to."""


def check_library(library: Library) -> Iterator[Problem]:
    """Every error that is not one file's alone."""
    yield from _placeholders(library)
    yield from _sentences(library)
    for entry in library.answers.values():
        yield from _answer(entry, library)
    yield from _names_of_answers(library)
    for entry in library.words.values():
        yield from _words(entry, library)
    for entry in library.figures.values():
        yield from _figure(entry)
    for entry in library.rates.values():
        yield from _order(entry, entry.value.years, ("years",))
    for entry in library.places.values():
        yield from _place(entry, library)
    for entry in library.dialogs.values():
        yield from check_dialog(entry, library)
    for entry, path, source in library.sources():
        if source.official and not (source.url or source.document):
            yield entry.document.problem(
                path,
                f"The source {source.office} names no page.",
                "Add url: or document:, or official: false.",
            )


def _names_of_answers(library: Library) -> Iterator[Problem]:
    """Whatever leads to an answer must lead to one that exists."""
    for language, entry in library.examples:
        yield from _named(entry, library.answers, entry.name, (), f"examples in {language}")
    for entry in library.papers.values():
        paper: Paper = entry.value
        yield from _named(entry, library.answers, paper.intent, ("intent",), "this paper")
    for entry in library.topics.values():
        topic: Topic = entry.value
        for index, name in enumerate(topic.answers):
            yield from _named(entry, library.answers, name, ("answers", index), "this topic")
        for index, name in enumerate(topic.dialogs):
            yield from _named(entry, library.dialogs, name, ("dialogs", index), "this topic")
    for name in NEEDED:
        if name not in library.answers:
            file = f"answers/{name.replace('.', '/')}.yaml"
            yield Problem(
                file=file,
                line=1,
                what="This answer is missing, and buttons lead to it.",
                todo="Write it.",
            )


def _named(
    entry: Entry, known: dict[str, Entry], name: str, path: tuple[str | int, ...], where: str
) -> Iterator[Problem]:
    if name not in known:
        todo = did_you_mean(name, known, "Write the answer first, or delete this.")
        yield entry.document.problem((*entry.path, *path), f"{where}: there is no {name}.", todo)


def _placeholders(library: Library) -> Iterator[Problem]:
    for text in translatable(library):
        sentence = text.context.removeprefix("messages.")
        allowed = SENTENCES.get(sentence, frozenset()) if sentence != text.context else frozenset()
        if text.context.startswith("dialogs."):
            allowed = result_names()
        for name in PLACEHOLDER.findall(text.english):
            if name not in library.figures and name not in allowed:
                nearest = did_you_mean(name, [*library.figures, *allowed], "Add it to a table.")
                todo = nearest.replace("mean ", "mean {").replace("?", "}?")
                yield Problem(
                    file=text.file,
                    line=text.line,
                    what=f"There is no figure {{{name}}}.",
                    todo=todo,
                )
        if any(brace in PLACEHOLDER.sub("", text.english) for brace in "{｛｝"):
            yield Problem(
                file=text.file,
                line=text.line,
                what="A brace does not begin or end a figure.",
                todo="Write {table.name} in small letters with half-width braces, or delete it.",
            )


def _sentences(library: Library) -> Iterator[Problem]:
    for name, entry in library.messages.items():
        if name not in SENTENCES:
            todo = did_you_mean(name, SENTENCES, "Delete it.")
            yield entry.document.problem(entry.path, f"The bot never says {name}.", todo)
    for name in sorted(set(SENTENCES) - set(library.messages)):
        yield Problem(
            file="messages.yaml",
            line=1,
            what=f"The sentence {name} is missing.",
            todo=f"Add {name}: ...",
        )


def _answer(entry: Entry, library: Library) -> Iterator[Problem]:
    answer: Answer = entry.value
    for index, block in enumerate(answer.show):
        if block.startswith("phones."):
            figure = library.figures.get(block)
            if figure is None or figure.value.label is None:
                todo = did_you_mean(block, library.figures, "Add it, with a label.")
                what = f"There is no line {block} with a label in tables/phones.yaml."
                yield entry.document.problem(("show", index), what, todo)
        elif block not in BLOCKS:
            todo = did_you_mean(block, BLOCKS, f"Known are: {', '.join(BLOCKS)}.")
            yield entry.document.problem(("show", index), f"There is no block {block}.", todo)
    for index, name in enumerate(answer.dialogs):
        yield from _named(entry, library.dialogs, name, ("dialogs", index), "dialogs")
    for index, name in enumerate(answer.related):
        yield from _named(entry, library.answers, name, ("related", index), "related")
        if name == entry.name:
            yield entry.document.problem(
                ("related", index), "An answer cannot be related to itself.", "Delete it."
            )


def _words(entry: Entry, library: Library) -> Iterator[Problem]:
    words: Words = entry.value
    for name in words.emergency:
        yield from _named(entry, library.answers, name, ("emergency", name), "emergency")
    for word, topics in words.broad.items():
        for topic in topics:
            yield from _named(entry, library.topics, topic, ("broad", word), "topic")
    owner: dict[str, str] = {}
    for canonical, others in words.aliases.items():
        for other in (canonical, *others):
            if owner.setdefault(other.casefold(), canonical) != canonical:
                yield entry.document.problem(
                    ("aliases", canonical),
                    f"{other!r} is also a name of {owner[other.casefold()]!r}.",
                    "Keep it in one place.",
                )


def _figure(entry: Entry) -> Iterator[Problem]:
    figure: Figure = entry.value
    for index, dated in enumerate(figure.values):
        if not _fits(figure.unit, dated.value):
            yield entry.document.problem(
                (*entry.path, "values", index, "value"),
                f"{dated.value!s} is not possible for the unit {figure.unit}.",
                'Write whole numbers without commas, days as 2026-04-01, phones in "quotes".',
            )
    yield from _order(entry, figure.values, (*entry.path, "values"))


def _fits(unit: Unit, value: Value) -> bool:
    return isinstance(value, VALUE_TYPES[unit]) and not isinstance(value, bool)


def _order(entry: Entry, values: Sequence[Dated], path: tuple[str | int, ...]) -> Iterator[Problem]:
    """Overlaps are errors; a gap may be true, and then the bot says that it does not know."""
    if not values:
        yield entry.document.problem(path, f"{entry.name} has no value.", "Add one.")
    for value, wrong in gaps_and_overlaps(values):
        make = entry.document.warning if "gap" in wrong else entry.document.problem
        what = f"The value from {value.from_} {wrong}."
        yield make((*path, values.index(value)), what, "Mend from: and until:.")


def _place(entry: Entry, library: Library) -> Iterator[Problem]:
    place: Place = entry.value
    document = entry.document
    if "main" not in place.counters:
        yield document.problem(("counters",), "The place has no counter.", "Add counters: main:.")
    if place.premium_rates and place.premium_rates not in library.rates:
        todo = did_you_mean(place.premium_rates, library.rates, "Add it to tables/premium_rates/.")
        what = f"There are no rates {place.premium_rates}."
        yield document.problem(("premium_rates",), what, todo)
    for index, line in enumerate(place.advice_lines):
        figure = library.figures.get(f"phones.{line}")
        if figure is None or figure.value.label is None:
            todo = did_you_mean(f"phones.{line}", library.figures, "Add it, with a label.")
            what = f"There is no line {line} with a label in tables/phones.yaml."
            yield document.problem(("advice_lines", index), what, todo)
    for index, name in enumerate(place.support):
        centre = library.places.get(name)
        if centre is None or centre.value.kind != "support_centre":
            todo = did_you_mean(name, library.places, "Add its file to places/.")
            yield document.problem(("support", index), f"There is no support centre {name}.", todo)
