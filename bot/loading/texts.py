"""Every text that residents read and translators translate, with its context and place."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.calculators.dated import Figure
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
    for entry in library.answers.values():
        answer: Answer = entry.value
        yield _text(entry, entry.name, answer.title, ("title",))
        for part, whole in (("short", answer.short), ("more", answer.more or "")):
            for paragraph in paragraphs(whole):
                yield _text(entry, entry.name, paragraph, (part,))
    for entry in library.papers.values():
        paper: Paper = entry.value
        yield _text(entry, f"papers.{entry.name}", paper.name, ("name",))
        yield _text(entry, f"papers.{entry.name}", paper.says, ("says",))
    for entry in library.figures.values():
        figure: Figure = entry.value
        for part in ("label", "hours", "note"):
            yield _text(entry, entry.name, getattr(figure, part) or "", (part,))
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
