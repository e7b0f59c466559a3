"""One turn: the stored session, `respond`, the messages, and what is stored again."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.conversation import Turn, respond
from bot.core.effects import CountFeedback
from bot.core.events import Event
from bot.core.knowledge import Knowledge
from bot.core.message import Message
from bot.core.session import Session
from bot.core.wording import word
from bot.storage import Store

JAPAN = ZoneInfo("Asia/Tokyo")


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
    today = event.at.astimezone(JAPAN).date()
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


def converse(store: Store, conversation: str, event: Event, knowledge: Knowledge) -> Reply:
    """One turn of a stored conversation."""
    reply = decide(store.session(conversation), event, knowledge)
    feedback = [
        (effect.intent, reply.turn.language, effect.helpful)
        for effect in reply.turn.effects
        if isinstance(effect, CountFeedback)
    ]
    store.finish(conversation, reply.turn.session, feedback, event.at)
    return reply
