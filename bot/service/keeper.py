"""Keeps the knowledge in force: takes up saved changes, and survives broken ones."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from threading import Thread

from bot.core.consultation.staffing import Staff
from bot.core.knowledge import Knowledge
from bot.core.matching.meaning import Space
from bot.loading import Loaded, Problem, load
from bot.loading.learned import learn_meanings
from bot.loading.lint import lengths
from bot.loading.load import signature

log = logging.getLogger(__name__)

Report = Callable[[tuple[Problem, ...]], None]


class BadKnowledge(Exception):
    """There is no good knowledge to start with; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Keeper:
    """The last good knowledge of two folders. Raises `BadKnowledge` if there is none at all."""

    def __init__(
        self,
        intents: Path,
        translations: Path,
        default_language: str,
        spaces: Callable[[], Sequence[Space]] = tuple,
        staff: Staff | None = None,
    ) -> None:
        self._staff = staff
        self._spaces = cache(spaces)
        self._where = (intents, translations, default_language)
        self._seen = signature(intents, translations)
        loaded = self._load()
        if loaded.knowledge is None:
            raise BadKnowledge(loaded.errors)
        self.knowledge: Knowledge = replace(loaded.knowledge, staff=staff)

    def refresh(self, report: Report, today: date) -> bool:
        """Take up what was saved since the last call; whether the knowledge is a new one.

        A change with an error is told to `report` and leaves the last good knowledge in force.
        """
        now = signature(*self._where[:2])
        if now == self._seen:
            return False
        self._seen = now
        loaded = self._load()
        if loaded.knowledge is None:
            report(loaded.errors)
            return False
        too_long = tuple(lengths(loaded.library, loaded.knowledge, today))
        errors = tuple(problem for problem in too_long if problem.severity == "error")
        if errors:
            report(errors)
            return False
        loaded.knowledge.matcher.warm()
        learn_meanings(loaded.knowledge.matcher, self._spaces(), log.info)
        self.knowledge = replace(loaded.knowledge, staff=self._staff)
        return True

    def learn(self, tell: Callable[[str], None], only_for: str | None = None) -> None:
        """Learn all heads, or those that one message needs; all take minutes the first time."""
        matcher = self.knowledge.matcher
        matcher.warm()
        spaces = self._spaces()
        if only_for is not None:
            heard = matcher.detector.detect(only_for) or self.knowledge.default_language
            own = heard in matcher.languages
            spaces = [one for one in spaces if heard in (one.languages or ()) or not own]
        learn_meanings(matcher, spaces, tell)
        if not self._spaces():
            tell(
                "understanding by spelling alone: the extra semantic is not there, or switched off"
            )

    def learn_beside(self) -> None:
        """Learn beside the conversation, so that the first resident need not wait for it."""
        Thread(target=self.learn, args=(log.info,), name="models", daemon=True).start()

    def _load(self) -> Loaded:
        intents, translations, default_language = self._where
        return load(intents, translations, default_language)
