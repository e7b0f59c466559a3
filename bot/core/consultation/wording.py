"""What the resident reads about a consultation, and when somebody is there."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import assert_never

from babel.dates import format_date, format_time

from bot.core.consultation.resident import CONTACTS, MOST_STARS
from bot.core.effects import (
    Consult,
    OfferAnswer,
    OfferDialog,
)
from bot.core.figures import locale_of
from bot.core.knowledge import PERSON
from bot.core.message import Button, Message, spans
from bot.core.session import RETENTION
from bot.core.shapes import paragraphs
from bot.core.voice import Voice

STAR = "★"

Row = tuple[Button, ...]

BUTTONS: dict[str, tuple[tuple[str, ...], ...]] = {
    "consult.notice": (("person",), ("nobody",), ("counter",)),
    "consult.again": (("resume",), ("another",), ("nobody",)),
    "consult.enough": (("resume",), ("nobody",), ("counter",)),
    "consult.ask": (("nobody",),),
    "consult.opened": (("subject",), ("contact",), ("end",)),
    "consult.reopened": (("subject",), ("contact",), ("end",)),
    "consult.reopened_by_staff": (("end",),),
    "consult.goes_on": (("subject",), ("contact",), ("end",), ("counter",)),
    "consult.shows_number": (("send",), ("drop",)),
    "consult.rated": (("no_comment",),),
    "consult.delayed": (("counter",),),
}
"""The buttons under a sentence, a row each, by the names of their labels."""

WAYS_IN = ("consult.notice", "consult.again", "consult.enough", "consult.goes_on")
"""What is said to who wants to talk to a person."""

CONFIRMING = ("person", "nobody", "resume", "another", "no_comment")
"""Buttons that count once, for the latest question."""


def word_about_person(effect: Consult | OfferAnswer | OfferDialog, voice: Voice) -> Message:
    """What the resident reads about a consultation."""
    match effect:
        case Consult():
            return _word_consult(effect, voice)
        case OfferAnswer():
            return _word_offered_answer(effect, voice)
        case OfferDialog():
            return _word_offered_dialog(effect, voice)
        case _:
            assert_never(effect)


def _word_consult(effect: Consult, voice: Voice) -> Message:
    """A sentence about a consultation, with its promise and its buttons."""
    values = dict(RETENTION)
    if effect.case is not None:
        values["number"] = str(effect.case.number)
    if effect.until is not None:
        values["day"] = voice.date(date.fromisoformat(effect.until))
    parts = [*paragraphs(voice.message(effect.message, **values)), *_promise(effect, voice)]
    rows = [
        tuple(_button(name, effect, voice) for name in row)
        for row in BUTTONS.get(effect.message, ())
    ]
    return Message(
        paragraphs=tuple(spans(part) for part in parts),
        buttons=(*rows, *_choices(effect, voice)),
        language=voice.language,
        intent=PERSON if effect.message in WAYS_IN else None,
    )


def _promise(effect: Consult, voice: Voice) -> Iterator[str]:
    """When somebody is there. A place in a queue is not promised."""
    if effect.closes is not None:
        yield voice.message("consult.open_now", time=_time(effect.closes, voice))
    elif effect.opens is not None:
        if effect.day_off is not None:
            yield voice.message("consult.day_off", day=_day(effect.day_off, voice))
        yield voice.message(
            "consult.opens", day=_day(effect.opens.date(), voice), time=_time(effect.opens, voice)
        )


def _day(day: date, voice: Voice) -> str:
    """With its weekday: Tuesday, 24 November 2026."""
    return str(format_date(day, "full", locale=locale_of(voice.language)))


def _time(at: datetime, voice: Voice) -> str:
    return str(format_time(at.time(), "short", locale=locale_of(voice.language)))


def _button(name: str, effect: Consult, voice: Voice) -> Button:
    number = effect.case.number if effect.case else 0
    payload = f"{name}:{number}"
    if name in CONFIRMING:
        payload = f"now:{effect.step}:{name}"
    elif name == "counter":
        payload = "counter"
    elif name in ("send", "drop"):
        payload = f"held:{number}:{effect.step}:{name}"
    return Button(label=voice.message(f"consult.button.{name}"), payload=payload)


def _choices(effect: Consult, voice: Voice) -> Iterator[Row]:
    """Topics, ways of contact, stars."""
    case = effect.case
    if case is None:
        return
    if effect.message == "consult.subject":
        for name, topic in voice.knowledge.topics.items():
            title = voice.text(f"topics.{name}", topic.title)
            yield (Button(label=title, payload=f"subject:{case.number}:{name}"),)
    if effect.message == "consult.contact":
        for name in CONTACTS:
            label = voice.message(f"consult.button.{name}")
            yield (Button(label=label, payload=f"contact:{case.number}:{name}"),)
    if effect.message == "consult.closed":
        yield tuple(
            Button(label=f"{stars} {STAR}", payload=f"rate:{case.number}:{stars}")
            for stars in range(1, MOST_STARS + 1)
        )


def _word_offered_answer(effect: OfferAnswer, voice: Voice) -> Message:
    """While the resident waits: perhaps it is answered already."""
    title = voice.answer_title(effect.intent)
    return Message(
        paragraphs=(spans(voice.message("consult.while_waiting")),),
        buttons=((Button(label=title, payload=f"answer:{effect.intent}"),),),
        language=voice.language,
    )


def _word_offered_dialog(effect: OfferDialog, voice: Voice) -> Message:
    """The consultant suggests a dialog."""
    label = voice.message("button.dialog", title=voice.dialog_title(effect.dialog))
    return Message(
        paragraphs=(spans(voice.message("consult.work_it_out")),),
        buttons=((Button(label=label, payload=f"dialog:{effect.dialog}"),),),
        language=voice.language,
    )
