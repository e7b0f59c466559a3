"""What a text or a button means as the answer to a question."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.dialogs.answers import YES_NO, Value, World
from bot.core.dialogs.shapes import Question
from bot.core.dialogs.typed import choice, choices
from bot.core.dialogs.typed_days import AmbiguousDay, age_or_birth, day, month
from bot.core.dialogs.typed_numbers import whole_number, yen
from bot.core.knowledge import COUNTER_LANGUAGE, SOURCE_LANGUAGE, Knowledge
from bot.core.matching.normal import normalise
from bot.core.voice import Voice

NUMBER_BUTTONS = ("number", "yen", "age", "members")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The answer that was meant."""

    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The answers that may be meant: to be asked back."""

    values: tuple[Value, ...]


def read_answer(
    text: str,
    question: Question,
    dialog: str,
    language: str,
    knowledge: Knowledge,
    world: World,
) -> Read | Options | None:
    """A text as the answer to a question, within no limits yet; None if it is none."""
    match question.type:
        case "choice" | "yes_no":
            return _read(choice(text, dict(labels(question, dialog, language, knowledge, world))))
        case "choices" if normalise(text) in _none(language, knowledge, world):
            return Read(value=())
        case "choices":
            return _read(choices(text, dict(labels(question, dialog, language, knowledge, world))))
        case "number" | "members":
            return _read(whole_number(text))
        case "yen":
            return _read(yen(text))
        case "place":
            return _read(knowledge.place_names.get(normalise(text)))
        case "age":
            return _read(age_or_birth(text, world.today, language))
        case "date":
            return _read(day(text, world.today, language, question.lean))
        case "month":
            found = month(text, world.today, language, question.lean)
            return _read(f"{found:%Y-%m}" if found else None)


def read_button(pressed: str, question: Question) -> Read | None:
    """What stands behind an answer button; whether it still fits is seen later."""
    if question.type in NUMBER_BUTTONS and pressed.isascii() and pressed.isdigit():
        return Read(value=int(pressed))
    known = {"choice": tuple(question.choices), "yes_no": YES_NO}.get(question.type)
    return Read(value=pressed) if known is None or pressed in known else None


def labels(
    question: Question, dialog: str, language: str, knowledge: Knowledge, world: World
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every choice with its labels in the resident's language, English and Japanese."""
    tags = dict.fromkeys((language, SOURCE_LANGUAGE, COUNTER_LANGUAGE))
    voices = [Voice(knowledge, tag, world.today) for tag in tags]
    if question.type == "yes_no":
        for name in YES_NO:
            said = (voice.message(f"dialog.{name}") for voice in voices)
            words = (word for known in knowledge.words.values() for word in getattr(known, name))
            yield name, tuple(dict.fromkeys((*said, *words)))
        return
    for name, label in question.choices.items():
        said = (voice.text(f"dialogs.{dialog}", label) for voice in voices)
        yield name, tuple(dict.fromkeys(said))


def _none(language: str, knowledge: Knowledge, world: World) -> Iterator[str]:
    """How a resident says that none of several choices fits."""
    for tag in (language, SOURCE_LANGUAGE):
        voice = Voice(knowledge, tag, world.today)
        for name in ("dialog.none", "dialog.none_of_these"):
            yield normalise(voice.message(name))


def _read(found: object) -> Read | Options | None:
    match found:
        case None:
            return None
        case AmbiguousDay():
            return Options(values=tuple(one.isoformat() for one in found.days))
        case date():
            return Read(value=found.isoformat())
        case str() | int() | tuple():
            return Read(value=found)
    return None
