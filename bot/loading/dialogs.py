"""Errors in a dialog: what it names must exist, and every way through it must end in a result."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from bot.core.dialogs.answers import SKIPPED, listed
from bot.core.dialogs.calculations import CALCULATIONS
from bot.core.dialogs.finding import UNKNOWN
from bot.core.dialogs.paths import ANY, values_of, ways
from bot.core.dialogs.shapes import Dialog, Outcome, Question, Route
from bot.core.shapes import BLOCKS
from bot.loading.library import Entry, Library
from bot.loading.problems import Problem, did_you_mean

MOST_WAYS = 20_000
LONGEST_CHOICE, LONGEST_KEY = 32, 32
"""Letters of an id: the buttons of Telegram carry 64 bytes."""

At = tuple[str | int, ...]


def result_names() -> frozenset[str]:
    """Every {result.NAME} that some calculation gives."""
    results = (f"result.{name}" for one in CALCULATIONS.values() for name in one.values)
    return frozenset({*results, "number", "count"})


def extend_dialogs(library: Library) -> None:
    """Give every dialog the questions and checks of the one that it extends, before its own."""
    for name, entry in library.dialogs.items():
        dialog: Dialog = entry.value
        base = library.dialogs.get(dialog.extends or "")
        if base is not None and base.value.extends is None:
            extended = replace(
                dialog,
                questions={**base.value.questions, **dialog.questions},
                checks={**base.value.checks, **dialog.checks},
            )
            library.dialogs[name] = replace(entry, value=extended)


def check_dialog(entry: Entry, library: Library) -> Iterator[Problem]:
    """Everything that is wrong with one dialog."""
    dialog: Dialog = entry.value
    if dialog.extends is not None:
        base = library.dialogs.get(dialog.extends)
        yield from _known(entry, dialog.extends, library.dialogs, ("extends",), "dialog")
        if base is not None and base.value.extends is not None:
            todo = f"Extend {base.value.extends} instead."
            yield entry.document.problem(("extends",), "It extends another dialog itself.", todo)
    before = 0
    for problem in _names(entry, dialog, library):
        before += 1
        yield problem
    if not before:  # ways lead nowhere if names are wrong
        yield from _ways(entry, dialog)


def _names(entry: Entry, dialog: Dialog, library: Library) -> Iterator[Problem]:
    for name, question in dialog.questions.items():
        yield from _question(entry, name, question, ("questions", name))
    for name, check in dialog.checks.items():
        at: At = ("checks", name)
        yield from _known(entry, check.answer, dialog.questions, (*at, "answer"), "question")
        for part in ("at_least", "more_than", "at_most", "less_than"):
            figure = getattr(check, part)
            if figure is not None:
                yield from _known(entry, figure, library.figures, (*at, part), "figure")
    for index, route in enumerate(dialog.routes):
        yield from _route(entry, dialog, route, ("routes", index))
    for name, outcome in dialog.outcomes.items():
        yield from _outcome(entry, outcome, library, ("outcomes", name))


def _question(entry: Entry, name: str, question: Question, at: At) -> Iterator[Problem]:
    if len(name) > LONGEST_KEY or not name.replace("_", "").isalnum():
        todo = "Write small letters, digits and _, at most 32."
        yield entry.document.problem(at, f"{name!r} cannot be the id of a question.", todo)
    wants = question.type in ("choice", "choices")
    if wants != bool(question.choices):
        what = "needs choices" if wants else "has no use for choices"
        yield entry.document.problem(
            at, f"A question of type {question.type} {what}.", "See README.md."
        )
    for choice in question.choices:
        if len(choice) > LONGEST_CHOICE or not choice.replace("_", "").isalnum():
            todo = "Write small letters, digits and _, at most 32."
            yield entry.document.problem(
                (*at, "choices", choice), f"{choice!r} cannot be an id.", todo
            )
    if (question.type == "members") != bool(question.each and question.routes):
        what = "Members need each: and routes:, other questions have none."
        yield entry.document.problem(at, what, "See README.md.")
    for key, each in question.each.items():
        yield from _question(entry, key, each, (*at, "each", key))
    for index, route in enumerate(question.routes):
        yield from _member_route(entry, question, route, (*at, "routes", index))


def _member_route(entry: Entry, question: Question, route: Route, at: At) -> Iterator[Problem]:
    if route.ask is None or route.check or route.unless or route.found or route.outcome:
        what = "A route of members has ask: and may have given:, nothing else."
        yield entry.document.problem(at, what, "Delete the rest.")
    else:
        yield from _known(entry, route.ask, question.each, (*at, "ask"), "question")
    yield from _given(entry, question.each, route, at)


def _given(
    entry: Entry, questions: Mapping[str, Question], route: Route, at: At
) -> Iterator[Problem]:
    for name, wanted in route.given.items():
        where = (*at, "given", name)
        if name not in questions:
            yield from _known(entry, name, questions, where, "question")
            continue
        question = questions[name]
        possible = values_of(question) - {ANY} | ({SKIPPED} if question.optional else set())
        known = {*question.choices} or possible
        for value in listed(wanted):
            if value not in known | possible:
                todo = did_you_mean(value, sorted(known | possible), "Write one of its choices.")
                yield entry.document.problem(where, f"{name} is never {value!r}.", todo)


def _route(entry: Entry, dialog: Dialog, route: Route, at: At) -> Iterator[Problem]:
    if (route.ask is None) == (route.outcome is None):
        yield entry.document.problem(
            at, "A route leads to ask: or to outcome:.", "Write one of them."
        )
    if route.ask is not None:
        yield from _known(entry, route.ask, dialog.questions, (*at, "ask"), "question")
    if route.outcome is not None:
        yield from _known(entry, route.outcome, dialog.outcomes, (*at, "outcome"), "outcome")
    for part in ("check", "unless"):
        name = getattr(route, part)
        if name is not None:
            yield from _known(entry, name, dialog.checks, (*at, part), "check")
    for name, wanted in route.found.items():
        where = (*at, "found", name)
        yield from _known(entry, name, CALCULATIONS, where, "calculation")
        verdicts = (*CALCULATIONS[name].verdicts, UNKNOWN) if name in CALCULATIONS else ()
        for verdict in listed(wanted):
            if verdicts:
                yield from _known(entry, verdict, dict.fromkeys(verdicts), where, "finding")
    yield from _given(entry, dialog.questions, route, at)


def _outcome(entry: Entry, outcome: Outcome, library: Library, at: At) -> Iterator[Problem]:
    if outcome.calculate is not None:
        yield from _known(entry, outcome.calculate, CALCULATIONS, (*at, "calculate"), "calculation")
    for index, name in enumerate(outcome.related):
        yield from _known(entry, name, library.answers, (*at, "related", index), "answer")
    for index, name in enumerate(outcome.dialogs):
        yield from _known(entry, name, library.dialogs, (*at, "dialogs", index), "dialog")
    for index, block in enumerate(outcome.show):
        if block not in BLOCKS and block not in library.figures:
            todo = did_you_mean(block, BLOCKS, "See README.md.")
            yield entry.document.problem((*at, "show", index), f"There is no block {block}.", todo)


def _known(
    entry: Entry, name: str, known: Mapping[str, object], at: At, kind: str
) -> Iterator[Problem]:
    if name not in known:
        todo = did_you_mean(name, known, "Write it first, or delete this.")
        yield entry.document.problem(at, f"There is no {kind} {name}.", todo)


def _ways(entry: Entry, dialog: Dialog) -> Iterator[Problem]:
    """Walk every way: none may end without a result; every route and outcome must be used."""
    routes, outcomes = set[int](), set[str]()
    for way in islice(ways(dialog), MOST_WAYS):
        routes |= way.routes
        if way.outcome is None:
            asked = ", ".join(way.asked) or "nothing"
            todo = "Add a last route with an outcome and no condition."
            yield entry.document.problem(
                ("routes",), f"A way ends in nothing, after {asked}.", todo
            )
            return
        outcomes.add(way.outcome)
        calculation = dialog.outcomes[way.outcome].calculate
        if calculation is not None and not _is_known(calculation, way.possible):
            what = f"Here {calculation} may have found nothing."
            todo = f"Add a route with found: {{{calculation}: {UNKNOWN}}} before it."
            yield entry.document.problem(("outcomes", way.outcome, "calculate"), what, todo)
            return
    for index in sorted({*range(len(dialog.routes))} - routes):
        what = "No way comes to this route."
        todo = "Move it up, ask its question earlier, or delete it."
        yield entry.document.problem(("routes", index), what, todo)
    for name in dialog.outcomes:
        if name not in outcomes:
            yield entry.document.problem(("outcomes", name), "No way ends here.", "Delete it.")


def _is_known(calculation: str, possible: Mapping[str, frozenset[str]]) -> bool:
    """Whether the way has ruled out that the calculation found nothing."""
    verdicts = possible.get(f"found {calculation}")
    return verdicts is not None and UNKNOWN not in verdicts
