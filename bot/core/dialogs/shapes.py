"""The shape of a file under intents/dialogs/: questions, checks, routes and outcomes."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from bot.calculators.dated import STRICT, Source

Kind = Literal[
    "choice", "choices", "yes_no", "date", "month", "number", "yen", "age", "place", "members"
]

Lean = Literal["past", "future", "near"]

MOVES = ("why", "skip", "back", "stop")
"""The buttons under a question that are no answers, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `label` names it in the summary, `wrong` is said of an answer that is none.

    `least` and `most` hold for numbers, yen and ages; `lean` for days and months: past allows none
    after today, future none before, near both. `offer` are numbers as buttons. `each` and `routes`
    belong to members: the same questions for each of so many people, or things: `one` names them
    ("Bill {number} of {count}").
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    type: Kind
    ask: str
    label: str
    hint: str | None = None
    why: str | None = None
    wrong: str | None = None
    optional: bool = False
    choices: dict[str, str] = field(default_factory=dict)
    offer: tuple[int, ...] = ()
    least: int | None = None
    most: int | None = None
    lean: Lean = "near"
    each: "dict[str, Question]" = field(default_factory=dict)
    routes: "tuple[Route, ...]" = ()
    one: str | None = None

    def moves(self, *, first: bool) -> tuple[str, ...]:
        """The ways to move from here without an answer; from the first question none leads back."""
        there = {"why": self.why is not None, "skip": self.optional, "back": not first}
        return tuple(move for move in MOVES if there.get(move, True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A named condition: an answer compared with a figure of the tables as it holds today."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    answer: str
    at_least: str | None = None
    more_than: str | None = None
    at_most: str | None = None
    less_than: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where to go if every condition of it holds: to a question not answered yet, or an outcome.

    `given`: these answers were given (one of several may be listed; "skipped" too). `check` and
    `unless`: this check holds, or does not. `found`: a calculation came to this finding.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    given: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    check: str | None = None
    unless: str | None = None
    found: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    ask: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A result: title and text, then what a calculation worked out, then blocks and ways on."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    title: str
    text: str
    calculate: str | None = None
    show: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    dialogs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """A state machine: the first route that holds leads on; replayed from the top each time.

    `extends` is a dialog whose questions and checks this one has too; loading adds them.
    """

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    title: str
    intro: str | None = None
    extends: str | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    checks: dict[str, Check] = field(default_factory=dict)
    routes: tuple[Route, ...]
    outcomes: dict[str, Outcome]

    def question(self, key: str) -> Question | None:
        """The question of a key: "place", or "people.2.age" for the second member."""
        name, _, rest = key.partition(".")
        question = self.questions.get(name)
        if not rest or question is None:
            return question
        return question.each.get(rest.partition(".")[2])
