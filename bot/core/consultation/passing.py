"""What a resident sends on its way to the consultants, and albums on their way to both sides.

Photos and documents wait until the resident has said, once, that they show no identity number; the
pictures of an album wait for each other, and nothing that follows overtakes them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.consultation.shapes import Case, Consultant, Media, Side
from bot.core.dialogs.talk import Said, Talk, iso
from bot.core.effects import (
    Consult,
    Effect,
    MirrorEdit,
    RelayMedia,
    RelayText,
    ShowCard,
    TellStaff,
    WakeLater,
)
from bot.core.events import (
    AlbumComplete,
    AnswerOverdue,
    MediaSent,
    TextSaid,
)
from bot.core.session import Session

ALBUM_SECONDS = 1.5
"""So long the pictures of an album wait for each other."""

ASKED_ABOUT = ("photo", "document")
"""What may show an identity number."""

WITH_CAPTION = ("animation", "audio", "document", "photo", "video", "voice")
"""What can be edited; a live location changes all the time, and its copy does not."""


def card(session: Session, case: Case, at: datetime) -> ShowCard:
    """The card as it is now."""
    return ShowCard(case=case, session=session, at=at)


def gathered(case: Case, side: Side) -> tuple[Effect, ...]:
    """The album of a side that waits for its rest, passed on as far as it is there."""
    media = case.staff_gathered if side == "staff" else case.gathered
    if not media or any(one.inside for one in media):
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


def complete_album(event: AlbumComplete, talk: Talk) -> Said:
    """A resident's album that had time to arrive goes on, unless what came behind it did that."""
    case = talk.session.case
    if case is None or _album_of(case.gathered) != event.album:
        return talk.session, ()
    return replace(talk.session, case=replace(case, gathered=())), gathered(case, "resident")


def pass_text(said: TextSaid, talk: Talk, case: Case) -> Said:
    """On to the consultants, or as a change of what they have already."""
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


def pass_media(sent: MediaSent, talk: Talk, case: Case) -> Said:
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


def decide_held(talk: Talk, case: Case, step: str, choice: str) -> Said | None:
    """What the resident said about the pictures that wait: pass them on, or drop them."""
    if not case.held or step != str(case.held_step):
        return None
    cleared = replace(case, held=(), held_step=0)
    if choice != "send":
        dropped = Consult(message="consult.dropped", case=case)
        return replace(talk.session, case=cleared), (dropped,)
    session, effects = talk.session, list[Effect]()
    case = replace(cleared, cleared=True)
    for group in _albums(_sorted(case_of(talk.session).held)):
        session, passed = _send_on(replace(talk, session=session), case, group)
        case = case_of(session)
        effects += passed
    return session, (*effects, Consult(message="consult.passed_on", case=case))


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
            effects.append(album_due(talk, first.album))
    if masked:
        effects.append(TellStaff(ticket=case.ticket, message="desk.masked"))
    after, waking = _awaiting(talk, case)
    return replace(talk.session, case=after), (*effects, *waking)


def _album_of(media: tuple[Media, ...]) -> str | None:
    return media[0].album if media else None


def _asks_about(case: Case) -> Consult:
    return Consult(message="consult.shows_number", case=case, step=case.held_step)


def album_due(talk: Talk, album: str, by: Consultant | None = None) -> WakeLater:
    """When an album has had time to arrive; `by` is the consultant who sends it."""
    later = talk.at + timedelta(seconds=ALBUM_SECONDS)
    return WakeLater(event=AlbumComplete(at=later, number=0, album=album, by=by))


def _awaiting(talk: Talk, case: Case) -> tuple[Case, tuple[Effect, ...]]:
    """The resident waits for an answer, from the first message that has none."""
    if case.waits is not None:
        return case, ()
    waiting = replace(case, waits=iso(talk.at))
    return waiting, (card(talk.session, waiting, talk.at), overdue(talk, waiting))


def overdue(talk: Talk, case: Case) -> WakeLater:
    """When it is time to look whether this answer is still waited for."""
    assert talk.knowledge.staff is not None
    assert case.waits is not None
    staff = talk.knowledge.staff
    later = staff.hours.after(talk.at, staff.remind_minutes)
    event = AnswerOverdue(at=later, number=0, case=case.number, since=case.waits)
    return WakeLater(event=event)


def _albums(media: Iterable[Media]) -> list[tuple[Media, ...]]:
    """One group an album; what is in none stands alone."""
    groups: dict[str | int, list[Media]] = {}
    for one in media:
        groups.setdefault(one.album or one.message, []).append(one)
    return [tuple(group) for group in groups.values()]


def _sorted(media: Iterable[Media]) -> tuple[Media, ...]:
    return tuple(sorted(media, key=lambda one: one.message))


def case_of(session: Session) -> Case:
    """The consultation of a session that has one."""
    assert session.case is not None
    return session.case
