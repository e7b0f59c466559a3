"""The resident's side of a consultation: the notice, the question, what follows, and the end.

While a consultation is open, what the resident sends goes to the consultants and the bot is
silent. Photos and documents wait until the resident has said, once, that they show no identity
number; the pictures of an album wait for each other.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.consultation.shapes import (
    CUT,
    REOPEN_DAYS,
    Case,
    Contact,
    Media,
    Side,
)
from bot.core.dialogs.talk import Said, Talk, iso, pause
from bot.core.effects import (
    Consult,
    Effect,
    MirrorEdit,
    NameTopic,
    RelayMedia,
    RelayText,
    Say,
    ShowAnswer,
    ShowCard,
    TellStaff,
    WakeLater,
)
from bot.core.events import (
    AlbumComplete,
    AnswerOverdue,
    DeliveryFailed,
    MediaSent,
    TextSaid,
    TopicLost,
    day_in_japan,
)
from bot.core.knowledge import PERSON, Knowledge
from bot.core.matching import rank
from bot.core.session import Expected, Session

ALBUM_SECONDS = 1.5
"""So long the pictures of an album wait for each other."""

ASKED_ABOUT = ("photo", "document")
"""What may show an identity number."""

WITH_CAPTION = ("animation", "audio", "document", "photo", "video", "voice")
"""What can be edited; a live location changes all the time, and its copy does not."""

QUESTION_EXPECTED = timedelta(hours=12)
COMMENT_EXPECTED = timedelta(minutes=30)
"""So long the next text is for a person."""

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
    if case is not None and _can_reopen(case, talk.at):
        return asked, (Consult(message="consult.again", case=case, step=talk.number),)
    return asked, (_timed("consult.notice", talk, None),)


def choose(choice: str, talk: Talk) -> Said | None:
    """The answer to a notice; None if the choice is none of ours."""
    session = replace(talk.session, asked=None)
    case = session.case
    if choice in ("person", "resume", "another") and _is_barred(talk):
        return offer_person(talk)
    match choice:
        case "person":
            expecting = _expecting(replace(pause(session), asked=talk.number), "question", talk)
            return expecting, (Consult(message="consult.ask", step=talk.number),)
        case "resume" if case is not None:
            return reopen(replace(talk, session=session), case)
        case "another":
            asked = replace(session, asked=talk.number)
            return asked, (_timed("consult.notice", talk, None),)
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
        case "held":
            return _decide_held(talk, case, *value.partition(":")[::2])
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
        return _pass_text(said, talk, case)
    if said.edited or not _is_expected(talk):
        return None
    if session.expects == "question":
        opened, effects = _open(talk, said.text)
        session, relayed = _pass_text(said, replace(talk, session=opened), _of(opened))
        return session, (*effects, *relayed, *_opened(talk, _of(session)))
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
        session, relayed = _pass_media(sent, talk, case)
        return session, (*warned, *relayed)
    if sent.edited:
        return None
    opened, effects = _open(talk, sent.caption or "")
    session, relayed = _pass_media(sent, replace(talk, session=opened), _of(opened))
    return session, (*effects, *warned, *_opened(talk, _of(session)), *relayed)


def complete_album(event: AlbumComplete, talk: Talk) -> Said:
    """The album that had time to arrive is passed on, unless something behind it did that."""
    case = talk.session.case
    if case is None:
        return talk.session, ()
    waiting = case.staff_gathered if event.by is not None else case.gathered
    if not any(one.album == event.album for one in waiting):
        return talk.session, ()
    if event.by is not None:
        effects: tuple[Effect, ...] = gathered(case, "staff")
        after = replace(case, staff_gathered=())
    else:
        effects = gathered(case, "resident")
        after = replace(case, gathered=())
    return replace(talk.session, case=after), effects


def look_at_overdue(event: AnswerOverdue, talk: Talk) -> Said:
    """Bring a consultation up again that still waits for the same answer."""
    case, staff = talk.session.case, talk.knowledge.staff
    if case is None or staff is None or not case.is_open or case.number != event.case:
        return talk.session, ()
    if case.waits != event.since:
        return talk.session, ()
    minutes = staff.hours.minutes(datetime.fromisoformat(event.since), talk.at)
    told = TellStaff(
        ticket=case.ticket, message="desk.overdue", values=(("minutes", str(minutes)),)
    )
    return talk.session, (told, card(talk.session, case, talk.at), _overdue(talk, case))


def tell_failure(event: DeliveryFailed, talk: Talk) -> Said:
    """Say to the one who sent something that it did not arrive."""
    case = talk.session.case
    if case is None:
        return talk.session, ()
    if event.to == "staff":
        return talk.session, (_timed(f"consult.{event.reason}", talk, case),)
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


def close(talk: Talk, case: Case, message: str, values: tuple[tuple[str, str], ...] = ()) -> Said:
    """End a consultation: what was gathered still goes out; both sides are told."""
    ended = replace(
        case, stage="closed", at=iso(talk.at), waits=None, preview=None,
        held=(), gathered=(), staff_gathered=(),
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
        Consult(message="consult.closed", case=ended),
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
        _timed("consult.reopened_by_staff" if by_staff else "consult.reopened", talk, again),
    )


def card(session: Session, case: Case, at: datetime) -> ShowCard:
    """The card as it is now."""
    return ShowCard(case=case, session=session, at=at)


def gathered(case: Case, side: Side) -> tuple[Effect, ...]:
    """The album of a side that waits for its rest, passed on as far as it is there."""
    media = case.staff_gathered if side == "staff" else case.gathered
    if not media:
        return ()
    to: Side = "resident" if side == "staff" else "staff"
    return (RelayMedia(ticket=case.ticket, to=to, media=_sorted(media)),)


def media_of(sent: MediaSent) -> Media:
    """What is needed to copy a message."""
    return Media(
        message=sent.message or 0,
        kind=sent.kind,
        album=sent.album,
        caption=sent.caption if sent.masked else None,
        reply_to=sent.reply_to,
    )


def _is_barred(talk: Talk) -> bool:
    until = talk.session.barred
    return until is not None and day_in_japan(talk.at) <= date.fromisoformat(until)


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


def _can_reopen(case: Case, at: datetime) -> bool:
    return at - datetime.fromisoformat(case.at) <= timedelta(days=REOPEN_DAYS)


def _of(session: Session) -> Case:
    assert session.case is not None
    return session.case


def _timed(message: str, talk: Talk, case: Case | None) -> Consult:
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
    after = replace(
        pause(session), case=case, expects=None, asked=None, misses=0,
        known_as=session.known_as or case.number,
    )  # fmt: skip
    named = NameTopic(case=case)
    return after, (named, card(after, case, talk.at), _overdue(talk, case))


def _opened(talk: Talk, case: Case) -> tuple[Effect, ...]:
    return (_timed("consult.opened", talk, case),)


def _subject(session: Session, knowledge: Knowledge) -> str | None:
    """The topic of what was read or worked out last."""
    dialog = session.run.dialog if session.run else None
    leading = {name for name, one in knowledge.answers.items() if dialog in one.dialogs}
    for wanted in ({session.answer}, leading):
        for name, topic in knowledge.topics.items():
            if wanted & set(topic.answers):
                return name
    return None


def _pass_text(said: TextSaid, talk: Talk, case: Case) -> Said:
    relayed: Effect
    if said.edited and said.message is not None:
        relayed = MirrorEdit(
            ticket=case.ticket, to="staff", message=said.message, text=said.text, marks=said.marks
        )
    else:
        relayed = RelayText(
            ticket=case.ticket, to="staff", text=said.text, marks=said.marks,
            message=said.message, reply_to=said.reply_to,
        )  # fmt: skip
    masked = (TellStaff(ticket=case.ticket, message="desk.masked"),) if said.masked else ()
    after, waking = _awaiting(talk, replace(case, gathered=()))
    held = (_asks_about(case),) if case.held else ()
    effects = (*gathered(case, "resident"), relayed, *masked, *waking, *held)
    return replace(talk.session, case=after), effects


def _pass_media(sent: MediaSent, talk: Talk, case: Case) -> Said:
    """On to the consultants, unless it must be asked about or waits for the rest of its album."""
    session = talk.session
    if sent.named:
        return session, (Consult(message="consult.file_name", case=case),)
    media = media_of(sent)
    beside = media.album is not None and any(one.album == media.album for one in case.held)
    asks_first = beside or (sent.kind in ASKED_ABOUT and not case.cleared)
    if sent.edited and sent.kind not in WITH_CAPTION:
        return session, ()
    if sent.edited and sent.message is not None and not asks_first:
        edit = MirrorEdit(
            ticket=case.ticket, to="staff", message=sent.message, text=sent.caption or "",
            kind=sent.kind, file=sent.file,
        )  # fmt: skip
        return session, (edit,)
    if asks_first:
        siblings = media.album is not None and media.album == _album_of(case.gathered)
        others = (*case.held, *(case.gathered if siblings else ()))
        held = replace(
            case,
            held=(*(one for one in others if one.message != media.message), media),
            held_step=case.held_step or talk.number,
            gathered=() if siblings else case.gathered,
        )
        return replace(session, case=held), () if beside else (_asks_about(held),)
    return _send_on(talk, case, (media,), masked=sent.masked)


def _send_on(talk: Talk, case: Case, media: tuple[Media, ...], *, masked: bool = False) -> Said:
    """Pass media on; those of an album are gathered first."""
    first = media[0]
    effects: list[Effect] = []
    same = first.album is not None and any(one.album == first.album for one in case.gathered)
    if not same:
        effects += gathered(case, "resident")
        case = replace(case, gathered=())
    if first.album is None or len(media) > 1:
        effects.append(RelayMedia(ticket=case.ticket, to="staff", media=_sorted(media)))
    else:
        case = replace(case, gathered=(*case.gathered, first))
        if not same:
            effects.append(_album(talk, first.album))
    if masked:
        effects.append(TellStaff(ticket=case.ticket, message="desk.masked"))
    after, waking = _awaiting(talk, case)
    return replace(talk.session, case=after), (*effects, *waking)


def _album_of(media: tuple[Media, ...]) -> str | None:
    return media[0].album if media else None


def _asks_about(case: Case) -> Consult:
    return Consult(message="consult.shows_number", case=case, step=case.held_step)


def _album(talk: Talk, album: str) -> WakeLater:
    later = talk.at + timedelta(seconds=ALBUM_SECONDS)
    return WakeLater(event=AlbumComplete(at=later, number=0, album=album))


def _awaiting(talk: Talk, case: Case) -> tuple[Case, tuple[Effect, ...]]:
    """The resident waits for an answer, from the first message that has none."""
    if case.waits is not None:
        return case, ()
    waiting = replace(case, waits=iso(talk.at))
    return waiting, (card(talk.session, waiting, talk.at), _overdue(talk, waiting))


def _overdue(talk: Talk, case: Case) -> WakeLater:
    assert talk.knowledge.staff is not None
    assert case.waits is not None
    staff = talk.knowledge.staff
    later = staff.hours.after(talk.at, staff.remind_minutes)
    event = AnswerOverdue(at=later, number=0, case=case.number, since=case.waits)
    return WakeLater(event=event)


def _decide_held(talk: Talk, case: Case, step: str, choice: str) -> Said | None:
    """What the resident said about the pictures that wait: pass them on, or drop them."""
    if not case.held or step != str(case.held_step):
        return None
    cleared = replace(case, held=(), held_step=0)
    if choice != "send":
        dropped = Consult(message="consult.dropped", case=case)
        return replace(talk.session, case=cleared), (dropped,)
    session, effects = talk.session, list[Effect]()
    case = replace(cleared, cleared=True)
    for group in _albums(_sorted(_of(talk.session).held)):
        session, passed = _send_on(replace(talk, session=session), case, group)
        case = _of(session)
        effects += passed
    return session, (*effects, Consult(message="consult.passed_on", case=case))


def _albums(media: Iterable[Media]) -> list[tuple[Media, ...]]:
    """One group an album; what is in none stands alone."""
    groups: dict[str | int, list[Media]] = {}
    for one in media:
        groups.setdefault(one.album or one.message, []).append(one)
    return [tuple(group) for group in groups.values()]


def _sorted(media: Iterable[Media]) -> tuple[Media, ...]:
    return tuple(sorted(media, key=lambda one: one.message))


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
