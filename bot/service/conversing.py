"""One turn: `respond`, the messages, and what is to be stored."""

from dataclasses import dataclass

from bot.core.conversation import Turn, respond
from bot.core.effects import (
    CountFeedback,
    Effect,
    FileExample,
    Forget,
    ForStaff,
    NameTopic,
    NoteMiss,
    WakeLater,
)
from bot.core.events import Event, day_in_japan
from bot.core.knowledge import Knowledge
from bot.core.message import Message
from bot.core.session import Session
from bot.core.wording import word
from bot.storage import Finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of a turn, for a channel to show: each effect with its message, if it has one."""

    turn: Turn
    said: tuple[tuple[Effect, Message | None], ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """What the resident reads."""
        return tuple(
            message
            for effect, message in self.said
            if message is not None and not isinstance(effect, ForStaff)
        )


def decide(session: Session, event: Event, knowledge: Knowledge) -> Reply:
    """Decide an event and word what is to be said; nothing is stored.

    Figures are those of the day in Japan on which the event happened.
    """
    turn = respond(session, event, knowledge)
    today = day_in_japan(event.at)

    def worded(effect: Effect) -> Message | None:
        return word(
            effect,
            language=turn.language,
            place=turn.session.place,
            today=today,
            knowledge=knowledge,
        )

    return Reply(turn=turn, said=tuple((effect, worded(effect)) for effect in turn.effects))


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
        later=tuple(one.event for one in turn.effects if isinstance(one, WakeLater)),
        forget=any(isinstance(effect, Forget) for effect in turn.effects),
        title=next(
            (message.text for effect, message in reply.said
             if isinstance(effect, NameTopic) and message), None
        ),
        missed=tuple(
            (one.text, one.language) for one in turn.effects if isinstance(one, NoteMiss)
        ),
        examples=tuple(
            (one.text, one.language, one.intent)
            for one in turn.effects
            if isinstance(one, FileExample)
        ),
    )  # fmt: skip
