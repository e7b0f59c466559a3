"""What the examples say of each other: which would be misunderstood if they were not there.

Every example is scored by all others of its language. One that stands nearer to another intent is
mislabelled, or alone of its kind; both are worth a look, and neither blocks anything.
"""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from bot.core.knowledge import Knowledge
from bot.core.matching.model import Example, Matrix, intents_of
from bot.loading.learned import leave_one_out_or_remember
from bot.loading.library import Entry, Library
from bot.loading.problems import Problem

MOST_LISTED = 10
"""Examples a language, the worst first: a longer list is not read."""

CLEARLY = 0.25
"""By so much the score of the other intent is higher."""

UNIFORM = 0.45
"""Share of an intent's words that its four commonest words make up."""


def confusions(library: Library, knowledge: Knowledge) -> Iterator[Problem]:
    """Notes on the examples of each language, and how many are understood by the others."""
    entries: defaultdict[str, dict[tuple[str, str], tuple[Entry, int]]] = defaultdict(dict)
    for language, entry in library.examples:
        for index, text in enumerate(entry.value):
            entries[language][entry.name, text] = (entry, index)
    for language, known in entries.items():
        rows = knowledge.matcher.rows(language)
        rivals = _rivals(rows, leave_one_out_or_remember(rows))
        right = np.array([lead > 0 for lead, _ in rivals])
        yield Problem(
            file=f"examples/{language}",
            line=1,
            severity="note",
            what=f"{len(rows)} examples; {right.mean():.0%} are understood by the others.",
            todo="Strangers are understood about as well or better.",
        )
        yield from _misplaced(rows, rivals, known)
        yield from _uniform(language, rows)


Rival = tuple[float, str]
"""By how much the own intent of an example leads, and the best other intent."""


def _rivals(rows: list[Example], scores: Matrix) -> list[Rival]:
    intents = intents_of(rows)
    own = np.array([intents.index(row.intent) for row in rows])
    every = np.arange(len(rows))
    others = scores.copy()
    others[every, own] = -np.inf
    best = others.argmax(axis=1)
    leads = scores[every, own] - others[every, best]
    return [(float(lead), intents[rival]) for lead, rival in zip(leads, best, strict=True)]


def _misplaced(
    rows: list[Example], rivals: list[Rival], known: dict[tuple[str, str], tuple[Entry, int]]
) -> Iterator[Problem]:
    found = [
        (lead, rival, example)
        for (lead, rival), example in zip(rivals, rows, strict=True)
        if lead < -CLEARLY and (example.intent, example.text) in known
    ]
    for _, rival, example in sorted(found, key=lambda one: one[0])[:MOST_LISTED]:
        entry, index = known[example.intent, example.text]
        yield entry.document.note(
            (entry.name, index),
            f"{example.text!r} of {example.intent} is nearer to the examples of {rival}.",
            f"Move it to {rival}, or write more like it.",
        )


def _uniform(language: str, rows: list[Example]) -> Iterator[Problem]:
    """Intents whose examples are one sentence with a word exchanged."""
    words: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        words[row.intent] += row.normal.split()
    for intent, used in words.items():
        commonest = sorted((used.count(word) for word in set(used)), reverse=True)[:4]
        if len(used) >= 40 and sum(commonest) / len(used) > UNIFORM:
            yield Problem(
                file=f"examples/{language}/{intent.split('.')[0]}.yaml",
                line=1,
                severity="note",
                what=f"The examples of {intent} say the same words again and again.",
                todo="Write situations, stories, other words.",
            )
