"""Every text that residents read and translators translate, with its context and place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from bot.calculators.dated import Figure, RateTable
from bot.core.dialogs.shapes import Dialog, Question
from bot.core.shapes import Answer, Name, Paper, Place, Topic, paragraphs
from bot.loading.library import Entry, Library


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One unit of translation. `japanese` is known where the file itself has the Japanese name."""

    context: str
    english: str
    file: str
    line: int
    japanese: str | None = None


def translatable(library: Library) -> Iterator[Text]:
    """All texts, in the order of the files; the same English in one context only once."""
    seen: set[tuple[str, str]] = set()
    for text in _all(library):
        if text.english and (text.context, text.english) not in seen:
            seen.add((text.context, text.english))
            yield text


def _all(library: Library) -> Iterator[Text]:
    for entry in library.messages.values():
        yield _text(entry, f"messages.{entry.name}", entry.value.strip(), ())
    for entry in library.topics.values():
        topic: Topic = entry.value
        yield _text(entry, f"topics.{entry.name}", topic.title, ("title",))
    yield from chain.from_iterable(map(_answer, library.answers.values()))
    yield from chain.from_iterable(map(_dialog, library.dialogs.values()))
    for entry in library.papers.values():
        paper: Paper = entry.value
        yield _text(entry, f"papers.{entry.name}", paper.name, ("name",))
        yield _text(entry, f"papers.{entry.name}", paper.says, ("says",))
    for entry in library.figures.values():
        figure: Figure = entry.value
        for part in ("label", "hours", "note"):
            yield _text(entry, entry.name, getattr(figure, part) or "", (part,))
    for entry in library.rates.values():
        table: RateTable = entry.value
        for number, year in enumerate(table.years):
            for index, note in enumerate(year.notes):
                at = ("years", number, "notes", index)
                yield _text(entry, f"premium_rates.{entry.name}", note, at)
    for entry in library.places.values():
        yield from _place(entry)
    for entry, path, source in library.sources():
        if source.official:
            yield Text(
                context="offices",
                english=source.office,
                file=entry.document.file,
                line=entry.document.line(path),
            )


def _answer(entry: Entry) -> Iterator[Text]:
    answer: Answer = entry.value
    yield _text(entry, entry.name, answer.title, ("title",))
    for part, whole in (("short", answer.short), ("more", answer.more or "")):
        for paragraph in paragraphs(whole):
            yield _text(entry, entry.name, paragraph, (part,))


def _dialog(entry: Entry) -> Iterator[Text]:
    dialog: Dialog = entry.value
    context = f"dialogs.{entry.name}"
    yield _text(entry, context, dialog.title, ("title",))
    for part in paragraphs(dialog.intro or ""):
        yield _text(entry, context, part, ("intro",))
    for name, question in dialog.questions.items():
        yield from _question(entry, question, ("questions", name))
    for name, outcome in dialog.outcomes.items():
        yield _text(entry, context, outcome.title.strip(), ("outcomes", name, "title"))
        for part in paragraphs(outcome.text):
            yield _text(entry, context, part, ("outcomes", name, "text"))


def _question(entry: Entry, question: Question, at: tuple[str | int, ...]) -> Iterator[Text]:
    context = f"dialogs.{entry.name}"
    yield _text(entry, context, question.ask.strip(), (*at, "ask"))
    yield _text(entry, context, question.label, (*at, "label"))
    for part in ("hint", "why", "wrong", "one"):
        for text in paragraphs(getattr(question, part) or ""):
            yield _text(entry, context, text, (*at, part))
    for name, label in question.choices.items():
        yield _text(entry, context, label, (*at, "choices", name))
    for name, each in question.each.items():
        yield from _question(entry, each, (*at, "each", name))


def _place(entry: Entry) -> Iterator[Text]:
    place: Place = entry.value
    yield _name(entry, place.name, ("name",))
    for key, counter in place.counters.items():
        at = ("counters", key)
        yield _name(entry, counter.name, (*at, "name"))
        if counter.address:
            yield _name(entry, counter.address, (*at, "address"))
        for index, branch in enumerate(counter.branches):
            yield _name(entry, branch.name, (*at, "branches", index))
        for part in ("hours", "note"):
            yield _text(entry, f"places.{entry.name}", getattr(counter, part) or "", (*at, part))
    if place.instalments:
        rule = place.instalments.rule
        yield _text(entry, f"places.{entry.name}", rule, ("instalments", "rule"))
    if place.ways_to_pay:
        note = place.ways_to_pay.note or ""
        yield _text(entry, f"places.{entry.name}", note, ("ways_to_pay", "note"))
    for index, note in enumerate(place.notes):
        yield _text(entry, f"places.{entry.name}", note, ("notes", index))


def _text(entry: Entry, context: str, english: str, at: tuple[str | int, ...]) -> Text:
    line = entry.document.line((*entry.path, *at))
    return Text(context=context, english=english, file=entry.document.file, line=line)


def _name(entry: Entry, name: Name, at: tuple[str | int, ...]) -> Text:
    line = entry.document.line((*entry.path, *at))
    return Text(
        context=f"places.{entry.name}",
        english=name.en,
        file=entry.document.file,
        line=line,
        japanese=name.ja,
    )
