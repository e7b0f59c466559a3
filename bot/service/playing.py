"""A dialog played with given answers: every question, the answer to it, and the result."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bot.core.dialogs.answers import Value, World
from bot.core.dialogs.paths import most_ahead
from bot.core.dialogs.reading import Read, read_answer
from bot.core.dialogs.replay import fits, replay
from bot.core.effects import AskQuestion, Effect, ShowOutcome
from bot.core.knowledge import Knowledge
from bot.core.wording import word
from bot.loading.strict_yaml import Mistake, parse


class BadAnswers(Exception):
    """The answers cannot be used; the text says which one, why and what to do."""


def read_answers(path: Path) -> dict[str, Any]:
    """A YAML file of `question: answer`; members as people.1.age. Raises `BadAnswers`."""
    try:
        content = parse(str(path), path.read_bytes()).content
    except OSError as error:
        raise BadAnswers(f"{path}: cannot be read ({error.strerror}).") from None
    except Mistake as mistake:
        raise BadAnswers(str(mistake.problem)) from None
    if not isinstance(content, dict):
        raise BadAnswers(f"{path}: lines of question: answer are expected.")
    return content


def play(
    name: str,
    written: Mapping[str, Any],
    knowledge: Knowledge,
    language: str,
    place: str | None,
    today: date,
) -> str:
    """What somebody reads who gives these answers, up to the first that is missing."""
    dialog, world = knowledge.dialogs[name], World(tables=knowledge.tables, today=today)
    given: dict[str, Value] = {}
    told: list[str] = []

    def tell(effect: Effect) -> None:
        message = word(effect, language=language, place=place, today=today, knowledge=knowledge)
        told.append(message.text if message else "")

    while True:
        position = replay(dialog, given, world)
        if position.asks is None:
            outcome = position.outcome or ""
            tell(ShowOutcome(dialog=name, outcome=outcome, given=position.given, step=0))
            break
        key = position.asks
        ahead = most_ahead(knowledge.ways_of(name), dialog, dict(position.given))
        tell(AskQuestion(dialog=name, key=key, given=position.given, ahead=ahead, step=0))
        if key not in written:
            told.append(f"(no answer to {key} in the file)")
            break
        given[key] = _answer(key, written[key], name, knowledge, language, world)
        told.append(f"> {written[key]}")
    return "\n\n".join(told)


def _answer(
    key: str, written: Any, name: str, knowledge: Knowledge, language: str, world: World
) -> Value:
    """An answer as it is stored (yes, 2026-04-01) or as somebody would type it."""
    question = knowledge.dialogs[name].question(key)
    plain: Value = tuple(written) if isinstance(written, list | tuple) else written
    if isinstance(written, date):
        plain = written.isoformat()
    if question is not None and fits(question, plain, world):
        return plain
    if question is not None:
        read = read_answer(str(written), question, name, language, knowledge, world)
        if isinstance(read, Read) and fits(question, read.value, world):
            return read.value
    raise BadAnswers(f"{key}: {written!r} is no answer to this question. Write it as a resident.")
