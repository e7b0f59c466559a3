"""Warnings, and errors that need the whole knowledge: for `madoguchi check`, not for the start."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
from rapidfuzz import fuzz, process

from bot.core.effects import Part, ShowAnswer
from bot.core.figures import PLACEHOLDER
from bot.core.knowledge import COUNTER_LANGUAGE, Knowledge
from bot.core.session import ELSEWHERE
from bot.core.shapes import Answer
from bot.core.voice import Voice
from bot.core.wording import word_answer
from bot.loading.library import Entry, Library
from bot.loading.problems import Problem
from bot.loading.texts import translatable

TELEGRAM_LIMIT = 4096
"""UTF-16 units of one message."""

ONE_SCREEN = 900
"""Characters of a short answer that fit on a phone."""

FEWEST_EXAMPLES = 12
NEARLY_THE_SAME = 93
"""Likeness in percent from which two examples of different intents are pointed out."""

STAFF_TEXTS = "messages.desk."
"""What consultants read: in Japanese or English only."""

SOON = timedelta(days=30)
NO_EXAMPLES = ("emergency.",)


def lint(library: Library, knowledge: Knowledge, today: date) -> Iterator[Problem]:
    """Everything that `check` says beyond what blocks a change."""
    yield from lengths(library, knowledge, today)
    yield from _dates(library, today)
    yield from _topics(library)
    yield from _examples(library, knowledge)
    yield from _near(library, knowledge)
    yield from _translations(library, knowledge)


def lengths(library: Library, knowledge: Knowledge, today: date) -> Iterator[Problem]:
    """Each answer with each place in each language, as Telegram would count it."""
    for name, entry in library.answers.items():
        answer: Answer = entry.value
        if len(answer.short) > ONE_SCREEN:
            what = f"short has {len(answer.short)} characters; a phone shows about {ONE_SCREEN}."
            yield entry.document.warning(("short",), what, "Move something to more:.")
        places = [None, ELSEWHERE, *knowledge.municipalities()] if answer.show else [None]
        parts: tuple[Part, ...] = ("short", "more") if answer.more else ("short",)
        for language in knowledge.languages:
            longest = max(
                (_units(name, part, place, Voice(knowledge, language, today)), part)
                for part in parts
                for place in places
            )
            if longest[0] > TELEGRAM_LIMIT:
                yield entry.document.problem(
                    (longest[1],),
                    f"In {language} this answer has {longest[0]} characters; "
                    f"one message has {TELEGRAM_LIMIT}.",
                    "Shorten it, or divide it into two answers.",
                )


def _units(name: str, part: Part, place: str | None, voice: Voice) -> int:
    message = word_answer(ShowAnswer(intent=name, part=part), place, voice)
    return len(message.text.encode("utf-16-le")) // 2


def _dates(library: Library, today: date) -> Iterator[Problem]:
    """Figures that residents read and that have no value on the day, or soon none."""
    read = {name for text in translatable(library) for name in PLACEHOLDER.findall(text.english)}
    for name, entry in library.figures.items():
        if name in read:
            yield from _ends(entry, entry.value.values, ("values",), today)
    for entry in library.rates.values():
        yield from _ends(entry, entry.value.years, ("years",), today)


def _ends(
    entry: Entry, values: tuple[object, ...], at: tuple[str, ...], today: date
) -> Iterator[Problem]:
    figure = entry.value
    path = (*entry.path, *at)
    todo = "Add the next value with its from: and source:."
    now = figure.on(today)
    if now is None:
        yield entry.document.warning(path, f"{entry.name} has no value on {today}.", todo)
        return
    soon = now.until is not None and now.until - SOON <= today
    if soon and figure.on(now.until + timedelta(days=1)) is None:
        what = f"{entry.name} ends on {now.until}."
        yield entry.document.warning((*path, values.index(now)), what, todo)


def _topics(library: Library) -> Iterator[Problem]:
    listed = Counter(name for entry in library.topics.values() for name in entry.value.answers)
    for name, entry in library.answers.items():
        if name.startswith(("chat.", "outside.", "emergency.")):
            continue
        if listed[name] != 1:
            where = "no topic" if not listed[name] else f"{listed[name]} topics"
            yield entry.document.warning(
                (), f"{name} is listed under {where}.", "List it once in topics.yaml."
            )


def _examples(library: Library, knowledge: Knowledge) -> Iterator[Problem]:
    for name in library.answers:
        if name.startswith(NO_EXAMPLES):
            continue
        for language in knowledge.languages:
            count = len(knowledge.examples.get(language, {}).get(name, ()))
            if count < FEWEST_EXAMPLES:
                file = f"examples/{language}/{name.split('.')[0]}.yaml"
                yield Problem(
                    file=file,
                    line=1,
                    severity="warning",
                    what=f"{name} has {count} examples in {language}.",
                    todo=f"Write at least {FEWEST_EXAMPLES}.",
                )


def _near(library: Library, knowledge: Knowledge) -> Iterator[Problem]:
    """The same example twice, and examples of two intents that are nearly the same."""
    rows: defaultdict[str, list[tuple[str, Entry, int]]] = defaultdict(list)
    for language, entry in library.examples:
        for index, text in enumerate(entry.value):
            rows[language].append((knowledge.matcher.prepare(text, language), entry, index))
    for listed in rows.values():
        texts = [text for text, _, _ in listed]
        alike = process.cdist(
            texts,
            texts,
            scorer=fuzz.ratio,
            dtype=np.uint8,
            score_cutoff=NEARLY_THE_SAME,
            workers=-1,
        )
        for row, other in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
            _, first, first_index = listed[row]
            _, second, index = listed[other]
            same = texts[row] == texts[other]
            if first.name == second.name and not same:
                continue
            where = f"{first.document.file}:{first.document.line((first.name, first_index))}"
            how = "the same as" if same else "nearly the same as"
            yield second.document.warning(
                (second.name, index),
                f"{second.value[index]!r} is {how} {first.value[first_index]!r} "
                f"of {first.name} ({where}).",
                "Keep it where it belongs, or say it in another way.",
            )


def _translations(library: Library, knowledge: Knowledge) -> Iterator[Problem]:
    """One warning an answer and language, so that a new language does not bury the rest."""
    for language, catalogue in knowledge.catalogues.items():
        missing: defaultdict[str, int] = defaultdict(int)
        total: Counter[str] = Counter()
        for text in translatable(library):
            if text.japanese is not None and language == COUNTER_LANGUAGE:
                continue
            if text.context.startswith(STAFF_TEXTS) and language != COUNTER_LANGUAGE:
                continue
            group = (
                text.context.split(".")[0]
                if text.context.startswith(("messages", "phones", "papers", "topics"))
                else text.context
            )
            total[group] += 1
            missing[group] += (text.context, text.english) not in catalogue
        for group, count in missing.items():
            if count:
                yield Problem(
                    file=f"{language.replace('-', '_')}.po",
                    line=1,
                    severity="warning",
                    what=f"{group}: {count} of {total[group]} texts are not translated.",
                    todo="Run madoguchi messages, then translate them.",
                )
