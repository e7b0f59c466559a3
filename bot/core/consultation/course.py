"""The course of a consultation: its end, its going on, and what happens on its own."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.consultation.passing import card, gathered, overdue
from bot.core.consultation.shapes import REOPEN_DAYS, Case
from bot.core.dialogs.talk import Said, Talk, iso, pause
from bot.core.effects import (
    Consult,
    NameTopic,
    TellStaff,
)
from bot.core.events import (
    AnswerOverdue,
    DeliveryFailed,
    TopicLost,
)

LONGEST_OVERDUE = timedelta(days=14)
"""So long a consultation without an answer is brought up again; then it ends like an unused one."""


def close(
    talk: Talk,
    case: Case,
    message: str,
    values: tuple[tuple[str, str], ...] = (),
    said: str | None = "consult.closed",
) -> Said:
    """End a consultation: what was gathered still goes out; both sides are told.

    Consultants read `message`, the resident `said`.
    """
    ended = replace(
        case, stage="closed", at=iso(talk.at), waits=None, preview=None,
        held=(), held_step=0, gathered=(), staff_gathered=(),
    )  # fmt: skip
    session = replace(talk.session, case=ended, expects=None)
    dropped = (Consult(message="consult.dropped", case=ended),) if case.held else ()
    told = TellStaff(
        ticket=case.ticket,
        message=message,
        values=values,
        buttons=(("desk.make_example", f"desk:{case.number}:example"),) if case.question else (),
    )
    return session, (
        *gathered(case, "resident"),
        *gathered(case, "staff"),
        told,
        NameTopic(case=ended),
        card(session, ended, talk.at),
        *dropped,
        *((Consult(message=said, case=ended),) if said else ()),
    )


def reopen(talk: Talk, case: Case, *, by_staff: bool = False) -> Said:
    """Go on with a closed consultation, in its topic."""
    again = replace(case, stage="open", at=iso(talk.at), rating=None)
    session = replace(pause(talk.session), case=again, expects=None)
    told = TellStaff(ticket=case.ticket, message="desk.reopened")
    return session, (
        NameTopic(case=again),
        card(session, again, talk.at),
        told,
        timed("consult.reopened_by_staff" if by_staff else "consult.reopened", talk, again),
    )


def can_reopen(case: Case, at: datetime) -> bool:
    """Whether a closed consultation can still go on."""
    return at - datetime.fromisoformat(case.at) <= timedelta(days=REOPEN_DAYS)


def timed(message: str, talk: Talk, case: Case | None) -> Consult:
    """A sentence with an honest promise: until when they are there, or when they come."""
    said = Consult(message=message, case=case, step=talk.number)
    if talk.knowledge.staff is None:
        return said
    hours = talk.knowledge.staff.hours
    closes = hours.closes(talk.at)
    if closes is not None:
        return replace(said, closes=closes)
    opens = hours.opens(talk.at)
    day_off = hours.day_off_before(talk.at, opens) if opens else None
    return replace(said, opens=opens, day_off=day_off)


def look_at_overdue(event: AnswerOverdue, talk: Talk) -> Said:
    """Bring a consultation up again that still waits for the same answer."""
    case, staff = talk.session.case, talk.knowledge.staff
    if case is None or staff is None or not case.is_open or case.number != event.case:
        return talk.session, ()
    if case.waits != event.since:
        return talk.session, ()
    since = datetime.fromisoformat(event.since)
    if talk.at - since > LONGEST_OVERDUE:
        return talk.session, ()
    minutes = staff.hours.minutes(since, talk.at)
    told = TellStaff(
        ticket=case.ticket, message="desk.overdue", values=(("minutes", str(minutes)),)
    )
    return talk.session, (told, card(talk.session, case, talk.at), overdue(talk, case))


def tell_failure(event: DeliveryFailed, talk: Talk) -> Said:
    """Say to the one who sent something that it did not arrive."""
    case = talk.session.case
    if case is None:
        return talk.session, ()
    if event.to == "staff":
        return talk.session, (timed(f"consult.{event.reason}", talk, case),)
    told = TellStaff(
        ticket=case.ticket, message=f"desk.failed.{event.reason}", reply_to=event.message
    )
    return talk.session, (told,)


def restore_topic(event: TopicLost, talk: Talk) -> Said:
    """The new topic gets its card, and a word about what happened."""
    case = talk.session.case
    if case is None or case.number != event.case:
        return talk.session, ()
    told = TellStaff(ticket=case.ticket, message="desk.topic_lost")
    return talk.session, (card(talk.session, case, talk.at), told)
