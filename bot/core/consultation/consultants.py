"""The consultants' side: what they write in a topic, their commands, and their buttons.

What is written in a topic goes to the resident; a line that begins with // stays inside. Every
command answers with what it did. Only the service can say who is a consultant: an event without
`by` never comes here.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.core.consultation.course import close, reopen
from bot.core.consultation.passing import WITH_CAPTION, album_due, card, gathered, media_of
from bot.core.consultation.shapes import (
    ANYBODY,
    CUT,
    MOST_NOTES,
    Case,
    Consultant,
    Media,
    Preview,
    Ticket,
)
from bot.core.dialogs.talk import Said, Talk, iso, pause
from bot.core.effects import (
    ChooseIntent,
    Consult,
    Effect,
    EraseTopic,
    FileExample,
    MirrorEdit,
    NameTopic,
    OfferDialog,
    PreviewAnswer,
    RelayMedia,
    RelayText,
    ShowAnswer,
    ShowOverview,
    TellStaff,
    Withdraw,
)
from bot.core.events import (
    AlbumComplete,
    ButtonPressed,
    CommandGiven,
    DigestDue,
    MediaSent,
    TextSaid,
    TranscriptExpired,
    day_in_japan,
)
from bot.core.knowledge import PERSON, Knowledge
from bot.core.matching import rank
from bot.core.matching.normal import normalise

INSIDE = "//"
"""A line that begins so stays in the group."""

BLOCK_DAYS, LONGEST_BLOCK = 7, 365
MOST_FOUND = 6

StaffEvent = TextSaid | MediaSent | CommandGiven | ButtonPressed


def hear_consultant(event: StaffEvent, talk: Talk) -> Said:
    """What a consultant did; `talk` is the conversation of the topic's resident."""
    ticket = Ticket(number=event.case or 0, chat=event.group or 0)
    case = talk.session.case
    if isinstance(event, CommandGiven) and event.name in ("open", "stats", "help"):
        return _list(event, talk, ticket)
    if isinstance(event, ButtonPressed) and event.missed is not None:
        return _press_missed(event, talk, ticket, event.missed)
    if isinstance(event, CommandGiven) and event.name == "unblock" and talk.session.barred:
        return _unbar(event, talk, ticket)
    if event.case is None:  # beside all topics
        only = isinstance(event, CommandGiven)
        return talk.session, (_tell(ticket, "desk.only_in_topic", event),) if only else ()
    if case is None or case.number != event.case or event.by is None:
        inside = isinstance(event, TextSaid) and not outside(event.text)
        return talk.session, () if inside else (_tell(ticket, "desk.over", event),)
    here = _Consultants(talk=talk, case=case, by=event.by)
    match event:
        case TextSaid():
            return here.write(event)
        case MediaSent():
            return here.send(event)
        case CommandGiven():
            return here.command(event)
        case ButtonPressed():
            return here.press(event)


def outside(text: str) -> str:
    """A consultant's text without the lines that stay inside."""
    kept = [line for line in text.split("\n") if not line.lstrip().startswith(INSIDE)]
    return "\n".join(kept).strip()


def complete_album(event: AlbumComplete, talk: Talk) -> Said:
    """A consultant's album had time to arrive."""
    case = talk.session.case
    if case is None or event.by is None:
        return talk.session, ()
    return _Consultants(talk=talk, case=case, by=event.by).complete_album(event.album)


def show_digest(event: DigestDue, talk: Talk) -> Said:
    """The desk's day."""
    if event.overview is None:
        return talk.session, ()
    ticket = Ticket(number=0, chat=event.group)
    shown = ShowOverview(ticket=ticket, overview=event.overview, kind="digest", at=event.at)
    return talk.session, (shown,)


def erase(event: TranscriptExpired) -> tuple[Effect, ...]:
    """Delete a topic; if its resident wanted that, the consultants are told."""
    topic = EraseTopic(ticket=Ticket(number=event.case, chat=event.group))
    if not event.wanted:
        return (topic,)
    beside = Ticket(number=0, chat=event.group)
    return topic, _tell(beside, "desk.erased", number=str(event.case))


def _unbar(given: CommandGiven, talk: Talk, ticket: Ticket) -> Said:
    name = given.by.name if given.by else ""
    return replace(talk.session, barred=None), (_tell(ticket, "desk.unblocked", given, name=name),)


def _is_same(one: Consultant, other: Consultant) -> bool:
    """Somebody who was assigned by name is known by it alone."""
    return one.id == other.id or (one.id == ANYBODY and one.name.lower() in other.name.lower())


def _tell(
    ticket: Ticket, message: str, event: StaffEvent | None = None, **values: str
) -> TellStaff:
    reply_to = event.message if event is not None and not isinstance(event, ButtonPressed) else None
    return TellStaff(
        ticket=ticket, message=message, values=tuple(values.items()), reply_to=reply_to
    )


def _list(event: CommandGiven, talk: Talk, ticket: Ticket) -> Said:
    if event.name == "help":
        return talk.session, (_tell(ticket, "desk.help"),)
    if event.overview is None:
        return talk.session, ()
    shown = ShowOverview(
        ticket=ticket,
        overview=event.overview,
        kind="open" if event.name == "open" else "stats",
        at=event.at,
    )
    return talk.session, (shown,)


def _press_missed(
    event: ButtonPressed, talk: Talk, ticket: Ticket, missed: tuple[str, str]
) -> Said:
    """A missed question of the digest: choose its intent, then it is filed."""
    text, language = missed
    _, number, intent = (*event.payload.split(":", 2), "")[:3]
    if intent in talk.knowledge.answers:
        filed = FileExample(text=text, language=language, intent=intent)
        return talk.session, (filed, _tell(ticket, "desk.filed", intent=intent))
    offered = _likely(text, language, talk.knowledge)
    choose = ChooseIntent(
        ticket=ticket, message="desk.which_example", intents=offered, payload=f"missed:{number}:"
    )
    return talk.session, (choose,)


def _likely(text: str, language: str, knowledge: Knowledge) -> tuple[str, ...]:
    ranking = rank(text, language, knowledge)
    return tuple(one.intent for one in ranking.candidates)[:MOST_FOUND]


def _without_gathered(case: Case) -> Case:
    """Nothing of the consultants waits any more; what comes late of an inside album is known."""
    inside = next((one.album for one in case.staff_gathered if one.inside), case.inside_album)
    return replace(case, staff_gathered=(), inside_album=inside)


class _Consultants:
    """One event of a consultant in the topic of a consultation that its resident still has."""

    def __init__(self, *, talk: Talk, case: Case, by: Consultant) -> None:
        self.talk = talk
        self.case = case
        self.by = by

    # --- what goes to the resident --------------------------------------------------------------

    def write(self, said: TextSaid) -> Said:
        """A text in the topic; its inside lines are taken out."""
        text = outside(said.text)
        marks = said.marks if text == said.text else None
        if said.edited and said.text.startswith("/") and not said.text.startswith(INSIDE):
            return self._keep()  # a command is not given again by an edit
        if not text:
            return self._take_back(said) if said.edited and said.message else self._keep()
        if not self.case.is_open:
            return self._tell("desk.is_closed", said)
        if said.edited and said.message is not None and not self._stays_inside:
            edit = MirrorEdit(
                ticket=self.case.ticket, to="resident", message=said.message, text=text,
                marks=marks,
            )  # fmt: skip
            return self._keep(edit)
        if self._stays_inside:
            return self._tell("desk.claim_first", said)
        relayed = RelayText(
            ticket=self.case.ticket, to="resident", text=text, marks=marks,
            message=said.message, reply_to=said.reply_to,
        )  # fmt: skip
        masked = (_tell(self.case.ticket, "desk.masked_yours", said),) if said.masked else ()
        return self._answered(relayed, *masked)

    def send(self, sent: MediaSent) -> Said:
        """Something that is not text, in the topic; inside lines of its caption are taken out."""
        caption = sent.caption or ""
        text = outside(caption)
        inside = bool(caption.strip()) and not text
        if inside and sent.album is None:
            return self._take_back(sent) if sent.edited else self._keep()
        if not self.case.is_open:
            return self._tell("desk.is_closed", sent)
        if sent.edited and (inside or sent.kind not in WITH_CAPTION):
            return self._take_back(sent) if inside else self._keep()
        if sent.edited and sent.message is not None and not self._stays_inside:
            edit = MirrorEdit(
                ticket=self.case.ticket, to="resident", message=sent.message, text=text,
                kind=sent.kind, file=sent.file,
            )  # fmt: skip
            return self._keep(edit)
        if self._stays_inside:
            return self._tell("desk.claim_first", sent)
        media = replace(media_of(sent), inside=inside)
        if text != caption:
            media = replace(media, caption=text)
        masked = (_tell(self.case.ticket, "desk.masked_yours", sent),) if sent.masked else ()
        if media.album is not None:
            return self._gather(media, media.album, *masked)
        relayed = RelayMedia(ticket=self.case.ticket, to="resident", media=(media,))
        return self._answered(relayed, *masked)

    def _gather(self, media: Media, album: str, *told: Effect) -> Said:
        """Wait for the rest of an album; another one that waited goes out."""
        waiting = self.case.staff_gathered
        if album == self.case.inside_album:
            return self._keep(*told)
        if any(one.album == album for one in waiting):
            self.case = replace(self.case, staff_gathered=(*waiting, media))
            return self._keep(*told)
        session, effects = self._end_gathering() if waiting else self._keep()
        assert session.case is not None
        after = replace(session, case=replace(session.case, staff_gathered=(media,)))
        return after, (*effects, *told, album_due(self.talk, album, self.by))

    def complete_album(self, album: str) -> Said:
        """The album had time to arrive: it goes out, unless it is an inside one."""
        waiting = self.case.staff_gathered
        if not any(one.album == album for one in waiting):
            return self._keep()
        return self._end_gathering()

    def _end_gathering(self) -> Said:
        """What was gathered goes out, unless it is an inside album."""
        if not any(one.inside for one in self.case.staff_gathered):
            return self._answered()
        self.case = _without_gathered(self.case)
        return self._keep()

    @property
    def _stays_inside(self) -> bool:
        staff = self.talk.knowledge.staff
        return staff is not None and staff.claim_first and self.case.claimed is None

    def _answered(self, *relayed: Effect) -> Said:
        """The resident gets an answer: the first one takes an unclaimed consultation."""
        before = self.case
        case = replace(
            before,
            claimed=before.claimed or self.by,
            answered=before.answered or iso(self.talk.at),
            waits=None,
        )
        case = _without_gathered(case)
        session = replace(pause(self.talk.session), case=case)
        shown: tuple[Effect, ...] = ()
        if before.claimed is None:
            shown = (NameTopic(case=case),)
        if before.claimed is None or before.waits is not None:
            shown = (*shown, card(session, case, self.talk.at))
        return session, (*gathered(before, "staff"), *relayed, *shown)

    # --- commands -------------------------------------------------------------------------------

    def command(self, given: CommandGiven) -> Said:
        """A command in the topic; an unknown one is told what there is."""
        commands: dict[str, Callable[[CommandGiven], Said]] = {
            "claim": self._claim,
            "release": self._release,
            "assign": self._assign,
            "note": self._note,
            "close": self._close,
            "reopen": self._reopen,
            "subject": self._subject,
            "block": self._block,
            "unblock": self._unblock,
            "say": self._say,
            "offer": self._offer,
            "delete": self._delete,
        }
        run = commands.get(given.name)
        return self._tell("desk.unknown_command", given) if run is None else run(given)

    def _claim(self, given: CommandGiven | ButtonPressed) -> Said:
        claimed = self.case.claimed
        if claimed is not None and not _is_same(claimed, self.by):
            return self._tell("desk.has_it", given, name=claimed.name)
        return self._changed(replace(self.case, claimed=self.by), "desk.claimed", self.by.name)

    def _release(self, given: CommandGiven) -> Said:
        if self.case.claimed is None:
            return self._tell("desk.nobody_has_it", given)
        return self._changed(replace(self.case, claimed=None), "desk.released", self.by.name)

    def _assign(self, given: CommandGiven) -> Said:
        name = given.argument.strip().lstrip("@")[:64]
        if not name:
            return self._tell("desk.assign_whom", given)
        return self._changed(
            replace(self.case, claimed=Consultant(id=ANYBODY, name=name)), "desk.assigned", name
        )

    def _note(self, given: CommandGiven) -> Said:
        note = given.argument.strip()[:CUT]
        if not note:
            return self._tell("desk.note_what", given)
        notes = (*self.case.notes, f"{self.by.name}: {note}")[-MOST_NOTES:]
        return self._changed(replace(self.case, notes=notes), "desk.noted", self.by.name)

    def _close(self, given: CommandGiven) -> Said:
        if not self.case.is_open:
            return self._tell("desk.closed_already", given)
        return close(self.talk, self.case, "desk.closed", (("name", self.by.name),))

    def _reopen(self, given: CommandGiven) -> Said:
        if self.case.is_open:
            return self._tell("desk.is_open", given)
        return reopen(self.talk, self.case, by_staff=True)

    def _subject(self, given: CommandGiven) -> Said:
        subject = given.argument.strip()[:64]
        if not subject:
            return self._tell("desk.subject_what", given)
        return self._changed(replace(self.case, subject=subject), "desk.renamed", subject)

    def _block(self, given: CommandGiven) -> Said:
        """No consultation for some days; this one ends. Questions to the bot stay possible."""
        written = given.argument.strip()
        if written and not (written.isascii() and written.isdigit()):
            return self._tell("desk.block_how_long", given)
        days = int(written[:4]) if written else BLOCK_DAYS
        if not 1 <= days <= LONGEST_BLOCK:
            return self._tell("desk.block_how_long", given)
        until = (day_in_japan(self.talk.at) + timedelta(days=days)).isoformat()
        barred = Consult(message="consult.barred", until=until)
        told = _tell(self.case.ticket, "desk.blocked", given, name=self.by.name, until=until)
        session, effects = self.talk.session, tuple[Effect, ...]()
        if self.case.is_open:
            session, effects = close(
                self.talk, self.case, "desk.closed_quietly", (("name", self.by.name),),
                said=None,
            )  # fmt: skip
        after = replace(session, barred=until, expects=None, asked=None)
        return after, (*effects, barred, told)

    def _unblock(self, given: CommandGiven) -> Said:
        return self._tell("desk.not_blocked", given)

    def _say(self, given: CommandGiven) -> Said:
        """An answer of the knowledge base, in the resident's language: first a preview."""
        wanted = given.argument.strip()
        if not self.case.is_open:
            return self._tell("desk.is_closed", given)
        if wanted in self.talk.knowledge.answers:
            return self._preview(wanted)
        found = self._search(wanted)
        if not found:
            return self._tell("desk.nothing_found", given)
        choose = ChooseIntent(
            ticket=self.case.ticket,
            message="desk.which_answer",
            intents=found,
            payload=f"desk:{self.case.number}:say:",
        )
        return self._keep(choose)

    def _search(self, wanted: str) -> tuple[str, ...]:
        """Answers by a part of their id or title, then by what they are about."""
        knowledge = self.talk.knowledge
        staff = knowledge.staff
        if not wanted or staff is None:
            return ()
        part = normalise(wanted)
        named = [
            name
            for name, answer in knowledge.answers.items()
            if part in name
            or part in normalise(answer.title)
            or part in normalise(knowledge.translation(staff.language, name, answer.title) or "")
        ]
        about = _likely(wanted, staff.language, knowledge)
        return tuple(dict.fromkeys((*named, *about)))[:MOST_FOUND]

    def _offer(self, given: CommandGiven) -> Said:
        dialog = given.argument.strip()
        dialogs = self.talk.knowledge.dialogs
        if not self.case.is_open:
            return self._tell("desk.is_closed", given)
        if dialog not in dialogs:
            return self._tell("desk.which_dialog", given, dialogs=", ".join(dialogs))
        told = _tell(self.case.ticket, "desk.offered", given, dialog=dialog)
        return self._answered(OfferDialog(dialog=dialog), told)

    def _take_back(self, said: TextSaid | MediaSent) -> Said:
        """What was sent was edited into something inside: the resident's copy goes."""
        message = said.message or 0
        if self._kept_inside(message):
            return self._keep()
        return self._keep(Withdraw(ticket=self.case.ticket, message=message, asked=False))

    def _kept_inside(self, message: int) -> bool:
        """Keep an album inside of which this picture still waits; whether there is one."""
        waiting = self.case.staff_gathered
        if all(one.message != message for one in waiting):
            return False
        marked = tuple(replace(one, inside=True) for one in waiting)
        self.case = replace(self.case, staff_gathered=marked)
        return True

    def _delete(self, given: CommandGiven) -> Said:
        if given.reply_to is None:
            return self._tell("desk.delete_which", given)
        if self._kept_inside(given.reply_to):
            return self._tell("desk.deleted", given)
        withdrawn = Withdraw(ticket=self.case.ticket, message=given.reply_to)
        return self._keep(withdrawn, _tell(self.case.ticket, "desk.deleted", given))

    # --- buttons --------------------------------------------------------------------------------

    def press(self, pressed: ButtonPressed) -> Said:
        """desk:NUMBER:what:target, of this consultation; anything else is out of date."""
        kind, number, what, target = (*pressed.payload.split(":", 3), "", "", "")[:4]
        if kind != "desk" or number != str(self.case.number):
            return self._tell("desk.stale", pressed)
        match what:
            case "claim":
                return self._claim(pressed)
            case "say" if target in self.talk.knowledge.answers and self.case.is_open:
                return self._preview(target)
            case "send" | "drop":
                return self._decide_preview(pressed, what, target)
            case "example" if target in self.talk.knowledge.answers:
                return self._file(target)
            case "example" if self.case.question:
                offered = _likely(self.case.question, self.case.writes, self.talk.knowledge)
                choose = ChooseIntent(
                    ticket=self.case.ticket, message="desk.which_example", intents=offered,
                    payload=f"desk:{self.case.number}:example:",
                )  # fmt: skip
                return self._keep(choose)
            case _:
                return self._tell("desk.stale", pressed)

    def _file(self, intent: str) -> Said:
        """File the first message as a candidate example, once."""
        if not self.case.question:
            return self._keep(_tell(self.case.ticket, "desk.stale"))
        filed = FileExample(text=self.case.question, language=self.case.writes, intent=intent)
        session = replace(self.talk.session, case=replace(self.case, question=""))
        return session, (filed, _tell(self.case.ticket, "desk.filed", intent=intent))

    def _preview(self, intent: str) -> Said:
        if intent == PERSON:
            return self._keep(_tell(self.case.ticket, "desk.nothing_found"))
        preview = Preview(step=self.talk.number, intent=intent, by=self.by.id)
        shown = PreviewAnswer(
            ticket=self.case.ticket,
            intent=intent,
            language=self.talk.language,
            step=self.talk.number,
        )
        session = replace(self.talk.session, case=replace(self.case, preview=preview))
        return session, (shown,)

    def _decide_preview(self, pressed: ButtonPressed, what: str, step: str) -> Said:
        """It counts once, for the latest preview, and for the one who asked for it."""
        preview = self.case.preview
        known = preview is not None and preview.intent in self.talk.knowledge.answers
        if preview is None or not known or step != str(preview.step) or not self.case.is_open:
            return self._tell("desk.stale", pressed)
        if preview.by not in (self.by.id, ANYBODY):
            return self._tell("desk.not_yours", pressed)
        self.case = replace(self.case, preview=None)
        if what == "drop":
            return self._tell("desk.not_sent", pressed)
        told = _tell(self.case.ticket, "desk.sent", intent=preview.intent)
        session, effects = self._answered(ShowAnswer(intent=preview.intent), told)
        return replace(session, answer=preview.intent), effects

    # --- what they share ------------------------------------------------------------------------

    def _keep(self, *effects: Effect) -> Said:
        return replace(self.talk.session, case=self.case), effects

    def _tell(self, message: str, event: StaffEvent, **values: str) -> Said:
        return self._keep(_tell(self.case.ticket, message, event, **values))

    def _changed(self, case: Case, message: str, name: str) -> Said:
        session = replace(self.talk.session, case=case)
        renamed = (case.claimed, case.subject) != (self.case.claimed, self.case.subject)
        return session, (
            *((NameTopic(case=case),) if renamed else ()),
            card(session, case, self.talk.at),
            _tell(case.ticket, message, name=name),
        )
