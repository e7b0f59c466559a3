"""One turn: `respond`, the messages, and what is to be stored."""

from dataclasses import dataclass

from bot.core.conversation import Turn, respond
from bot.core.effects import CountFeedback, Forget, WakeLater
from bot.core.events import Event, ReminderDue, day_in_japan
from bot.core.knowledge import Knowledge
from bot.core.message import Message
from bot.core.session import Session
from bot.core.wording import word
from bot.storage import Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of a turn, for a channel to show."""

    turn: Turn
    messages: tuple[Message, ...]


def decide(session: Session, event: Event, knowledge: Knowledge) -> Reply:
    """Decide an event and word what is to be said; nothing is stored.

    Figures are those of the day in Japan on which the event happened.
    """
    turn = respond(session, event, knowledge)
    today = day_in_japan(event.at)
    worded = [
        word(
            effect,
            language=turn.language,
            place=turn.session.place,
            today=today,
            knowledge=knowledge,
        )
        for effect in turn.effects
    ]
    return Reply(turn=turn, messages=tuple(message for message in worded if message is not None))


def finished(reply: Reply, conversation: str) -> Finished:
    """What a turn leaves to be stored, without the calls of a channel."""
    turn = reply.turn
    return Finished(
        conversation=conversation,
        session=turn.session,
        feedback=tuple(
            (effect.intent, turn.language, effect.helpful)
            for effect in turn.effects
            if isinstance(effect, CountFeedback)
        ),
        later=tuple(
            ReminderDue(day=one.day, subject=one.subject, before=one.before, at=one.at, number=0)
            for one in turn.effects
            if isinstance(one, WakeLater)
        ),
        forget=any(isinstance(effect, Forget) for effect in turn.effects),
    )
