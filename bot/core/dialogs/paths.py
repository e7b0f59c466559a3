"""Every way through a dialog: what is asked, what is decided on the way, and where it ends.

Answers are not tried out one by one. A way keeps the set of values that an answer can still have,
and splits only where a route tells them apart; the same for checks and for what calculations find.
So the ways are few, and together they are all that can happen. Some of them may be impossible
(an age under 20 and over 75), since checks are not compared with each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.core.dialogs.answers import SKIPPED, YES_NO, Value, as_values, listed
from bot.core.dialogs.calculations import CALCULATIONS
from bot.core.dialogs.finding import UNKNOWN
from bot.core.dialogs.shapes import Dialog, Question, Route
from bot.core.session import ELSEWHERE

ANY = "*"
"""Every answer that no route names."""

HOLDS, HOLDS_NOT = "yes", "no"

Condition = tuple[str, frozenset[str], frozenset[str]]
"""What is looked at ("place", "check over_75", "found premium"), all values, the wanted ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way: what was asked and decided, in order, and the outcome; None: a dead end.

    A step is (question, None) where it is asked, or (what was looked at, the values it has here).
    """

    steps: tuple[tuple[str, frozenset[str] | None], ...] = ()
    routes: frozenset[int] = frozenset()
    outcome: str | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions, in order."""
        return tuple(name for name, values in self.steps if values is None)

    @property
    def possible(self) -> dict[str, frozenset[str]]:
        """What was looked at -> the values that it has on this way."""
        return {name: values for name, values in self.steps if values is not None}

    def then(self, name: str, values: frozenset[str] | None) -> "Way":
        """One step further."""
        return replace(self, steps=(*self.steps, (name, values)))


def ways(dialog: Dialog) -> Iterator[Way]:
    """All ways through a dialog, in the order of its routes."""
    yield from _from(dialog, Way())


def _from(dialog: Dialog, way: Way) -> Iterator[Way]:
    """Follow the first route that holds; where that is open, once for each case."""
    for index, route in enumerate(dialog.routes):
        if route.ask is not None and route.ask in way.asked:
            continue
        split = _split(dialog, way, route)
        if split is None:
            continue
        held, others = split
        led = replace(held, routes=held.routes | {index})
        if route.ask is None:
            yield replace(led, outcome=route.outcome)
        else:
            yield from _from(dialog, led.then(route.ask, None))
        for other in others:
            yield from _from(dialog, other)
        return
    yield way


def _split(dialog: Dialog, way: Way, route: Route) -> tuple[Way, list[Way]] | None:
    """The way on which every condition holds, and those on which one does not; None: it cannot."""
    others: list[Way] = []
    for name, all_values, wanted in _conditions(dialog, way, route):
        now = way.possible.get(name, all_values)
        yes, no = now & wanted, now - wanted
        if not yes:
            return None
        if no:
            others.append(way.then(name, no))
            way = way.then(name, yes)
    return way, others


def _conditions(dialog: Dialog, way: Way, route: Route) -> Iterator[Condition]:
    for name, wanted in route.given.items():
        question = dialog.questions[name]
        if name not in way.asked:
            yield name, frozenset(), frozenset()
        elif question.type == "choices":
            yield from _marked(name, listed(wanted))
        else:
            yield name, values_of(question), frozenset(listed(wanted))
    for check, want in ((route.check, HOLDS), (route.unless, HOLDS_NOT)):
        if check is not None:
            asked = dialog.checks[check].answer in way.asked
            both = frozenset({HOLDS, HOLDS_NOT}) if asked else frozenset({HOLDS_NOT})
            yield f"check {check}", both, frozenset({want})
    for calculation, wanted in route.found.items():
        known = CALCULATIONS[calculation]
        enough = all(need in way.asked for need in known.needs)
        verdicts = frozenset({*known.verdicts, UNKNOWN}) if enough else frozenset({UNKNOWN})
        yield f"found {calculation}", verdicts, frozenset(listed(wanted))


def _marked(name: str, wanted: tuple[str, ...]) -> Iterator[Condition]:
    """Of several choices each is marked or not; wanting several at once means any of them."""
    both = frozenset({HOLDS, HOLDS_NOT})
    yield f"{name} {' or '.join(wanted)}", both, frozenset({HOLDS})


def values_of(question: Question) -> frozenset[str]:
    """The values that routes can tell apart."""
    named = {
        "choice": frozenset(question.choices),
        "yes_no": frozenset(YES_NO),
        "place": frozenset({ELSEWHERE, ANY}),
    }.get(question.type, frozenset({ANY}))
    return named | {SKIPPED} if question.optional else named


def most_ahead(known: Iterable[Way], dialog: Dialog, given: Mapping[str, Value]) -> int:
    """How many questions more there can be, on the longest way that these answers leave open."""
    names = {key.partition(".")[0] for key in given}
    people = sum(
        max(0, len(dialog.questions[name].each) * _count(given[name]) - _asked(given, name))
        for name in names
        if dialog.questions[name].type == "members"
    )
    longest = max((_rest(way, names, dialog) for way in known if _leads(way, given)), default=1)
    return people + longest


def _leads(way: Way, given: Mapping[str, Value]) -> bool:
    """Whether somebody with these answers may be on this way."""
    return all(
        name not in given or ANY in values or bool({*as_values(given[name])} & values)
        for name, values in way.possible.items()
    ) and all(key in way.asked for key in given if "." not in key)


def _rest(way: Way, names: set[str], dialog: Dialog) -> int:
    return sum(1 + len(dialog.questions[name].each) for name in way.asked if name not in names)


def _count(value: Value) -> int:
    return value if isinstance(value, int) else 0


def _asked(given: Mapping[str, Value], name: str) -> int:
    return sum(key.startswith(f"{name}.") for key in given)
