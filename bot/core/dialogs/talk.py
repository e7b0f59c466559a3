"""The resident's side of a dialog: begin, answer, go back, skip, change, leave, take up again.

Everything here gives the new session and what is to be said. Buttons of a dialog carry the step
that asked ("now:STEP:CHOICE"); choices that begin with a dot are not answers but ways to move.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.core.dialogs.answers import Value, World
from bot.core.dialogs.calculations import find_for
from bot.core.dialogs.paths import most_ahead
from bot.core.dialogs.reading import Options, read_answer, read_button
from bot.core.dialogs.replay import Position, replay
from bot.core.dialogs.shapes import Dialog, Question
from bot.core.effects import (
    AskQuestion,
    ConfirmReminders,
    Effect,
    GiveCalendar,
    OfferResume,
    Problem,
    Say,
    ShowOutcome,
)
from bot.core.events import day_in_japan
from bot.core.knowledge import Knowledge
from bot.core.matching.normal import normalise
from bot.core.reminders import DAYS_BEFORE, reminders_of, replaced, wake_ups
from bot.core.session import ELSEWHERE, FINISHED_HOURS, Run, Session
from bot.core.voice import Voice

ACTIVE_HOURS = 12
"""After so long a text is no longer taken for the answer to the last question."""

Said = tuple[Session, tuple[Effect, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """One event of a resident who is in a dialog, or begins one; `number` is the event's."""

    session: Session
    language: str
    at: datetime
    number: int
    knowledge: Knowledge

    @property
    def run(self) -> Run | None:
        """The dialog that is kept, if it still exists."""
        run = self.session.run
        if run is None or run.dialog not in self.knowledge.dialogs:
            return None
        if run.finished and self._age(run) > timedelta(hours=FINISHED_HOURS):
            return None
        return run

    @property
    def is_asking(self) -> bool:
        """Whether a text may be the answer to a question."""
        run = self.run
        if run is None or run.finished or run.paused:
            return False
        return self._age(run) < timedelta(hours=ACTIVE_HOURS)

    def begin(self, name: str) -> Said:
        """Begin a dialog, or ask whether to go on with the one that was begun."""
        run = self.run
        if run is not None and run.dialog == name and not run.finished and run.answers:
            return self._keep(run, OfferResume(dialog=name, step=self.number))
        return self.begin_again(name)

    def begin_again(self, name: str) -> Said:
        """Begin from the first question; a place that was chosen before is not asked again."""
        dialog, place = self.knowledge.dialogs[name], self.session.place
        known: list[tuple[str, Value]] = []
        if place is not None and place != ELSEWHERE:
            asked = (key for key, one in dialog.questions.items() if one.type == "place")
            known = [(key, place) for key in asked]
        return self._go_on(self._run(name, tuple(known)))

    def ask_again(self, problem: Problem | None = None) -> Said:
        """The current question once more, or the result once more."""
        run = self.run
        return (self.session, ()) if run is None else self._go_on(run, problem=problem)

    def offer_resume(self) -> Said:
        """A way back into a dialog that was left unfinished."""
        run = self.run
        if run is None or run.finished:
            return self.session, ()
        return self._keep(run, OfferResume(dialog=run.dialog, step=self.number))

    def answer(self, text: str) -> Said | None:
        """Take a text as the answer; None if it is none."""
        run = self.run
        if run is None or run.asks is None:
            return None
        dialog, position = self._position(run)
        if position.asks != run.asks:  # the file was changed: that question is gone
            return self.ask_again()
        question = dialog.question(run.asks)
        if question is None:
            return self.ask_again()
        read = read_answer(text, question, run.dialog, self.language, self.knowledge, self._world())
        if read is None:
            move = self._typed_move(text, question, first=not position.given)
            return self._move(run, move) if move else None
        if isinstance(read, Options):
            return self._go_on(run, problem="ambiguous", between=read.values)
        return self._take(run, read.value)

    def _typed_move(self, text: str, question: Question, *, first: bool) -> str | None:
        """The way to move whose button somebody wrote out instead of pressing it."""
        voice = Voice(self.knowledge, self.language, day_in_japan(self.at))
        written = normalise(text)
        for move in question.moves(first=first):
            if written in (move, normalise(voice.message(f"dialog.{move}"))):
                return f".{move}"
        return None

    def press(self, choice: str) -> Said:
        """A button of the current step: an answer, or a way to move."""
        run = self.run
        if run is None:
            return self.session, (Say(message="stale"),)
        if not choice.startswith("."):
            return self._press_answer(run, choice)
        return self._move(run, *choice.split(":", 1))

    def _move(self, run: Run, move: str, key: str = "") -> Said:
        match move:
            case ".back":
                return self._go_on(self._without(run, self._position(run)[1].given[-1:]))
            case ".skip":
                return self._take(run, None)
            case ".why":
                return self._go_on(run, problem="why")
            case ".pick":
                picked = set(run.picked) ^ {key}
                return self._go_on(replace(run, picked=tuple(sorted(picked))))
            case ".done":
                return self._take(run, run.picked)
            case ".stop":
                return replace(self.session, run=None), (Say(message="cancelled"),)
            case ".again":
                return self.begin_again(run.dialog)
            case ".change":
                return self._go_on(self._without(run, [(key, None)]))
            case ".remind":
                return self._remind(run, key)
            case ".calendar":
                _, position = self._position(run)
                effect = GiveCalendar(
                    dialog=run.dialog, outcome=position.outcome or "", given=position.given
                )
                return self.session, (effect,) if position.outcome else ()
            case ".answers" | ".japanese":
                return self._show(run, move)
            case _:  # .result, and what an older version wrote on a button
                return self._go_on(run)

    def _press_answer(self, run: Run, choice: str) -> Said:
        dialog, position = self._position(run)
        question = dialog.question(run.asks or "")
        value = read_button(choice, question) if question else None
        if value is None or position.asks != run.asks:
            return self.ask_again()
        return self._take(run, value.value)

    def _take(self, run: Run, value: Value) -> Said:
        """Add an answer, if it is within the limits of its question."""
        if run.asks is None:
            return self._go_on(run)
        given = {**dict(run.answers), run.asks: value}
        before = self._position(run)[1]
        after = self._position(replace(run, answers=tuple(given.items())))[1]
        if after.asks == run.asks and len(after.given) == len(before.given):
            return self._go_on(run, problem="wrong")
        took = replace(run, answers=tuple(given.items()), picked=())
        session, effects = self._go_on(took, told=run.asks)
        dialog = self.knowledge.dialogs[run.dialog]
        question = dialog.question(run.asks)
        if question is not None and question.type == "place" and isinstance(value, str):
            session = replace(session, place=value)
        return session, effects

    def _go_on(
        self,
        run: Run,
        *,
        told: str | None = None,
        problem: Problem | None = None,
        between: tuple[Value, ...] = (),
    ) -> Said:
        """Ask what comes next, or show the result; from now on only these buttons count."""
        _, position = self._position(run)
        stored = replace(run, step=self.number, at=iso(self.at), asks=position.asks, paused=False)
        effect: Effect
        if position.asks is None:
            effect = ShowOutcome(
                dialog=run.dialog,
                outcome=position.outcome or "",
                given=position.given,
                step=self.number,
            )
            after = replace(self.session, run=stored, answer=None, misses=0)
            return after, (effect,)
        effect = AskQuestion(
            dialog=run.dialog,
            key=position.asks,
            given=position.given,
            ahead=most_ahead(
                self.knowledge.ways_of(run.dialog),
                self.knowledge.dialogs[run.dialog],
                dict(position.given),
            ),
            step=self.number,
            told=told,
            problem=problem,
            between=between,
            picked=run.picked,
        )
        return replace(self.session, run=stored), (effect,)

    def _show(self, run: Run, part: str) -> Said:
        _, position = self._position(run)
        if position.outcome is None:
            return self._go_on(run)
        effect = ShowOutcome(
            dialog=run.dialog,
            outcome=position.outcome,
            given=position.given,
            step=self.number,
            part="japanese" if part == ".japanese" else "answers",
        )
        return self._keep(run, effect)

    def _remind(self, run: Run, chosen: str) -> Said:
        """Set the reminders of a result anew: as usual, or so many days before ("7,0")."""
        dialog, position = self._position(run)
        outcome = dialog.outcomes[position.outcome] if position.outcome else None
        if outcome is None or outcome.calculate is None:
            return self._go_on(run)
        world = self._world()
        dues = find_for(outcome, dict(position.given), world).dues
        known = tuple(one for one in DAYS_BEFORE if not chosen or str(one) in chosen.split(","))
        made = reminders_of(dues, known, self.session.place, world.today)
        after = replaced(self.session, made, dues)
        confirm = ConfirmReminders(
            days=tuple(one.day for one in made), before=known, step=self.number
        )
        stored = replace(after, run=replace(run, step=self.number))
        return stored, (confirm, *wake_ups(made, self.language))

    def _keep(self, run: Run, effect: Effect) -> Said:
        """Say something about a run that stays where it is."""
        return replace(self.session, run=replace(run, step=self.number)), (effect,)

    def _position(self, run: Run) -> tuple[Dialog, Position]:
        dialog = self.knowledge.dialogs[run.dialog]
        return dialog, replay(dialog, dict(run.answers), self._world())

    def _run(self, name: str, answers: tuple[tuple[str, Value], ...]) -> Run:
        return Run(dialog=name, answers=answers, step=self.number, at=iso(self.at))

    def _without(self, run: Run, dropped: Iterable[tuple[str, Value]]) -> Run:
        names = [key for key, _ in dropped]
        kept = tuple((key, value) for key, value in run.answers if key not in names)
        return replace(run, answers=kept, picked=())

    def _world(self) -> World:
        return World(tables=self.knowledge.tables, today=day_in_japan(self.at))

    def _age(self, run: Run) -> timedelta:
        return self.at - datetime.fromisoformat(run.at)


def iso(at: datetime) -> str:
    """A moment as it is stored."""
    return at.astimezone(UTC).isoformat()


def pause(session: Session) -> Session:
    """The resident turned to something else: texts are no longer answers."""
    run = session.run
    if run is None or run.finished:
        return session
    return replace(session, run=replace(run, paused=True))
