"""Where somebody stands in a dialog: found by replaying the answers from the top.

Theory of operation: a run stores nothing but answers. To know what comes next, the routes are
tried in order with the answers given *on the way there*: an answer counts only once its question
was reached. So going back is dropping the last answer, changing one is dropping that one, and an
edit of the file under a running dialog is no special case: what no longer fits is asked again,
what is no longer asked is no longer looked at. Each step reaches one more question, so it ends.
"""

from dataclasses import dataclass
from datetime import date
from operator import ge, gt, le, lt

from bot.core.dialogs.answers import (
    YES_NO,
    Answers,
    Value,
    World,
    as_day,
    listed,
    members,
    said,
    years_old,
)
from bot.core.dialogs.calculations import find
from bot.core.dialogs.shapes import Check, Dialog, Question, Route
from bot.core.session import ELSEWHERE

MOST_MEMBERS = 12
OLDEST = 120

Measure = int | date


class DeadEnd(Exception):
    """No route leads on. Loading refuses such a dialog; the text names the answers given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The answers that count, in order; the key that is asked now, or the outcome reached."""

    given: tuple[tuple[str, Value], ...]
    asks: str | None = None
    outcome: str | None = None


def replay(dialog: Dialog, answers: Answers, world: World) -> Position:
    """Follow the routes with these answers. Raises `DeadEnd`."""
    given: dict[str, Value] = {}
    while True:
        route = next((one for one in dialog.routes if _leads_on(dialog, one, given, world)), None)
        if route is None:
            raise DeadEnd(", ".join(given))
        if route.ask is None:
            return Position(given=tuple(given.items()), outcome=route.outcome)
        key = open_key(dialog, route.ask, given) or route.ask
        question = dialog.question(key)
        if question is None or key not in answers or not fits(question, answers[key], world):
            return Position(given=tuple(given.items()), asks=key)
        given[key] = answers[key]


def open_key(dialog: Dialog, name: str, given: Answers) -> str | None:
    """The next unanswered key of a question: its own, or that of a member; None: all answered."""
    if name not in given:
        return name
    if dialog.questions[name].type != "members":
        return None
    for number, own in enumerate(members(given, name), start=1):
        for route in dialog.questions[name].routes:
            unanswered = route.ask is not None and route.ask not in own
            if unanswered and all(said(own, one, wanted) for one, wanted in route.given.items()):
                return f"{name}.{number}.{route.ask}"
    return None


def _leads_on(dialog: Dialog, route: Route, given: Answers, world: World) -> bool:
    answered = route.ask is not None and open_key(dialog, route.ask, given) is None
    return not answered and holds(dialog, route, given, world)


def holds(dialog: Dialog, route: Route, given: Answers, world: World) -> bool:
    """Whether every condition of a route holds."""
    return (
        all(said(given, name, wanted) for name, wanted in route.given.items())
        and (route.check is None or check_holds(dialog, route.check, given, world))
        and (route.unless is None or not check_holds(dialog, route.unless, given, world))
        and all(
            find(name, given, world).verdict in listed(wanted)
            for name, wanted in route.found.items()
        )
    )


def check_holds(dialog: Dialog, name: str, given: Answers, world: World) -> bool:
    """Compare an answer with the figure as it holds today; false if either is not known."""
    check = dialog.checks[name]
    value = _measure(dialog, check, given, world)
    if value is None:
        return False
    for figure, compare in (
        (check.at_least, ge),
        (check.more_than, gt),
        (check.at_most, le),
        (check.less_than, lt),
    ):
        if figure is not None:
            limit = _limit(figure, world)
            if type(limit) is not type(value) or not compare(value, limit):
                return False
    return True


def _measure(dialog: Dialog, check: Check, given: Answers, world: World) -> Measure | None:
    """The answer as something to compare: yen, a number, an age in years, or a day."""
    value = given.get(check.answer)
    question = dialog.question(check.answer)
    if question is not None and question.type in ("date", "month"):
        return as_day(value)
    return years_old(value, world.today)


def _limit(figure: str, world: World) -> Measure | None:
    known = world.tables.figures.get(figure)
    dated = known.on(world.today) if known else None
    return dated.value if dated and isinstance(dated.value, int | date) else None


def fits(question: Question, value: Value, world: World) -> bool:
    """Whether an answer is (still) one to this question, within its limits."""
    if value is None:
        return question.optional
    match question.type:
        case "choice":
            return value in question.choices
        case "yes_no":
            return value in YES_NO
        case "choices":
            return isinstance(value, tuple) and all(one in question.choices for one in value)
        case "number" | "yen":
            return isinstance(value, int) and _within(question, value, None)
        case "members":
            return isinstance(value, int) and value > 0 and _within(question, value, MOST_MEMBERS)
        case "age":
            age = years_old(value, world.today)
            return age is not None and _within(question, age, OLDEST)
        case "place":
            return value == ELSEWHERE or value in world.tables.places
        case "date" | "month":
            day = as_day(value)
            return day is not None and _leans(question, day, world.today)


def _within(question: Question, value: int, most: int | None) -> bool:
    highest = most if question.most is None else question.most
    return (question.least or 0) <= value and (highest is None or value <= highest)


def _leans(question: Question, day: date, today: date) -> bool:
    now = today.replace(day=1) if question.type == "month" else today
    return question.lean == "near" or (day <= now if question.lean == "past" else day >= now)
