"""The resident's side of a consultation: the notice, the question, the choices, the stars.

While a consultation is open, what the resident sends goes to the consultants and the bot is silent.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.consultation.course import can_reopen, close, reopen, timed
from bot.core.consultation.passing import card, case_of, decide_held, overdue, pass_media, pass_text
from bot.core.consultation.shapes import CUT, Case, Contact, Exchange
from bot.core.dialogs.talk import Said, Talk, iso, pause
from bot.core.effects import (
    Consult,
    Effect,
    NameTopic,
    Say,
    ShowAnswer,
    TellStaff,
)
from bot.core.events import (
    MediaSent,
    TextSaid,
    day_in_japan,
)
from bot.core.knowledge import PERSON, Knowledge
from bot.core.matching import Ranking, rank
from bot.core.session import MOST_EXCHANGES, Expected, Session, recent

QUESTION_EXPECTED = timedelta(hours=12)
COMMENT_EXPECTED = timedelta(minutes=30)
"""So long the next text is for a person."""

MOST_A_DAY, DAY = 3, timedelta(days=1)
"""New consultations of one resident, as consult.enough says; then the last one goes on."""

CONTACTS: tuple[Contact, ...] = ("chat", "phone", "visit")
MOST_STARS = 5
STARS = tuple(map(str, range(1, MOST_STARS + 1)))


def offer_person(talk: Talk) -> Said:
    """The way to a person: the notice first; or the one who is there already; or the counter."""
    session, staff = talk.session, talk.knowledge.staff
    case = session.case
    if staff is None:
        after = replace(session, answer=PERSON, misses=0)
        return after, (ShowAnswer(intent=PERSON),)
    if case is not None and case.is_open:
        return session, (Consult(message="consult.goes_on", case=case),)
    if _is_barred(talk):
        refused = Consult(message="consult.barred", until=session.barred)
        return replace(session, answer=PERSON), (refused, ShowAnswer(intent=PERSON))
    asked = replace(session, asked=talk.number, expects=None, misses=0)
    if case is not None and can_reopen(case, talk.at):
        message = "consult.enough" if _had_enough(talk) else "consult.again"
        return asked, (Consult(message=message, case=case, step=talk.number),)
    return asked, (timed("consult.notice", talk, None),)


def choose(choice: str, talk: Talk) -> Said | None:
    """The answer to a notice; None if the choice is none of ours."""
    session = replace(talk.session, asked=None)
    case = session.case
    if choice in ("person", "resume", "another") and _is_barred(talk):
        return offer_person(talk)
    if choice in ("person", "another") and _had_enough(talk):
        return offer_person(talk)
    match choice:
        case "person":
            expecting = _expecting(replace(pause(session), asked=talk.number), "question", talk)
            return expecting, (Consult(message="consult.ask", step=talk.number),)
        case "resume":  # the cleaning may have erased it meanwhile
            again = replace(talk, session=session)
            return offer_person(again) if case is None else reopen(again, case)
        case "another":
            asked = replace(session, asked=talk.number)
            return asked, (timed("consult.notice", talk, None),)
        case "no_comment":
            return replace(session, expects=None), (Consult(message="consult.commented"),)
        case "nobody":
            return replace(session, expects=None), (Say(message="cancelled"),)
        case _:
            return None


def change(kind: str, target: str, talk: Talk) -> Said | None:
    """A button of a consultation, "kind:NUMBER:value"; None if it is none, or out of date."""
    number, _, value = target.partition(":")
    case = talk.session.case
    if case is None or number != str(case.number):
        return None
    match kind:
        case "end" if case.is_open:
            return close(talk, case, "desk.ended_by_resident")
        case "subject" if value in talk.knowledge.topics:
            return _changed(talk, replace(case, subject=value), "consult.changed")
        case "subject":
            return talk.session, (Consult(message="consult.subject", case=case),)
        case "contact" if value in CONTACTS:
            contact = next(one for one in CONTACTS if one == value)
            return _changed(talk, replace(case, contact=contact), f"consult.contact.{contact}")
        case "contact":
            return talk.session, (Consult(message="consult.contact", case=case),)
        case "held" if talk.knowledge.staff is not None:
            return decide_held(talk, case, *value.partition(":")[::2])
        case "rate" if value in STARS and not case.is_open and case.rating is None:
            return _rate(talk, case, int(value))
        case _:
            return None


def hear_text(said: TextSaid, talk: Talk) -> Said | None:
    """A text that is for a person; None if it is for the bot."""
    session, case = talk.session, talk.session.case
    if talk.knowledge.staff is None:
        return None
    if case is not None and case.is_open:
        return pass_text(said, talk, case)
    if said.edited or not _is_expected(talk):
        return None
    if session.expects == "question":
        opened, effects = _open(talk, said.text)
        session, relayed = pass_text(said, replace(talk, session=opened), case_of(opened))
        return session, (*effects, *relayed, *_opened(talk, case_of(session)))
    if case is not None and not _asks_the_bot(said.text, talk):
        comment = TellStaff(
            ticket=case.ticket, message="desk.comment", values=(("text", said.text),)
        )
        return replace(session, expects=None), (comment, Consult(message="consult.commented"))
    return None


def is_waited_for(talk: Talk) -> bool:
    """Whether what the resident says now is for a person."""
    case = talk.session.case
    if talk.knowledge.staff is None:
        return False
    open_now = case is not None and case.is_open
    return open_now or (talk.session.expects == "question" and _is_expected(talk))


def hear_media(sent: MediaSent, talk: Talk) -> Said | None:
    """Something that is not text and is for a person; None if it is for the bot."""
    case = talk.session.case
    if not is_waited_for(talk):
        return None
    warned = (Say(message="masked"),) if sent.masked else ()
    if case is not None and case.is_open:
        session, relayed = pass_media(sent, talk, case)
        return session, (*warned, *relayed)
    if sent.edited:
        return None
    opened, effects = _open(talk, sent.caption or "")
    session, relayed = pass_media(sent, replace(talk, session=opened), case_of(opened))
    return session, (*effects, *warned, *_opened(talk, case_of(session)), *relayed)


def _is_barred(talk: Talk) -> bool:
    until = talk.session.barred
    return until is not None and day_in_japan(talk.at) <= date.fromisoformat(until)


def _had_enough(talk: Talk) -> bool:
    return len(_opened_lately(talk)) >= MOST_A_DAY


def _opened_lately(talk: Talk) -> tuple[str, ...]:
    since = talk.at - DAY
    return tuple(one for one in talk.session.opened if datetime.fromisoformat(one) > since)


def _expecting(session: Session, what: Expected, talk: Talk) -> Session:
    return replace(session, expects=what, expects_since=iso(talk.at))


def _is_expected(talk: Talk) -> bool:
    """Whether the next text is still for a person: later, it is a question to the bot."""
    since, what = talk.session.expects_since, talk.session.expects
    if what is None or since is None:
        return False
    longest = QUESTION_EXPECTED if what == "question" else COMMENT_EXPECTED
    return talk.at - datetime.fromisoformat(since) <= longest


def _asks_the_bot(text: str, talk: Talk) -> bool:
    """Whether a text that could be a comment is surely a question."""
    intent = rank(text, talk.language, talk.knowledge, runners_up=False).intent
    return intent is not None and not intent.startswith("chat.")


def remembering(
    session: Session, text: str, ranking: Ranking, at: datetime, *, answered: bool
) -> Session:
    """The session with a message in it, for the person who may be asked next."""
    best = ranking.candidates[0] if ranking.candidates else None
    exchange = Exchange(
        said=text[:CUT],
        at=iso(at),
        intent=ranking.intent or (best.intent if best else None),
        confidence=round(best.confidence, 2) if best else None,
        answered=answered,
    )
    return replace(session, trail=(*recent(session.trail, at), exchange)[-MOST_EXCHANGES:])


def _open(talk: Talk, question: str) -> Said:
    """A new consultation: its topic and card, before anything goes into it."""
    knowledge, session = talk.knowledge, talk.session
    assert knowledge.staff is not None
    subject = _subject(session, knowledge)
    moment = iso(talk.at)
    heard = knowledge.matcher.detector.detect(question)
    case = Case(
        number=talk.number,
        chat=knowledge.staff.desk(session.place, subject).chat,
        stage="open",
        at=moment,
        opened=moment,
        language=session.language or knowledge.supported(heard) or talk.language,
        writes=heard or talk.language,
        waits=moment,
        subject=subject,
        question=question[:CUT],
    )
    if question:
        understood = rank(question, talk.language, knowledge)
        session = remembering(session, question, understood, talk.at, answered=False)
    after = replace(
        pause(session), case=case, expects=None, asked=None, misses=0,
        known_as=session.known_as or case.number, opened=(*_opened_lately(talk), moment),
    )  # fmt: skip
    named = NameTopic(case=case)
    return after, (named, card(after, case, talk.at), overdue(talk, case))


def _opened(talk: Talk, case: Case) -> tuple[Effect, ...]:
    return (timed("consult.opened", talk, case),)


def _subject(session: Session, knowledge: Knowledge) -> str | None:
    """The topic of what was read or worked out last."""
    dialog = session.run.dialog if session.run else None
    leading = {name for name, one in knowledge.answers.items() if dialog in one.dialogs}
    for wanted in ({session.answer}, leading):
        for name, topic in knowledge.topics.items():
            if wanted & set(topic.answers):
                return name
    return None


def _changed(talk: Talk, case: Case, message: str) -> Said:
    session = replace(talk.session, case=case)
    return session, (
        NameTopic(case=case),
        card(session, case, talk.at),
        Consult(message=message, case=case),
    )


def _rate(talk: Talk, case: Case, stars: int) -> Said:
    rated = replace(case, rating=stars)
    asked = replace(talk.session, case=rated, asked=talk.number)
    session = _expecting(asked, "comment", talk)
    told = TellStaff(ticket=case.ticket, message="desk.rated", values=(("stars", str(stars)),))
    return session, (told, Consult(message="consult.rated", case=rated, step=talk.number))
