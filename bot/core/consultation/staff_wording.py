"""What consultants read, in their language: titles, cards, sentences, previews, lists."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from statistics import median
from typing import assert_never

from babel.dates import format_datetime

from bot.core.consultation.shapes import Case, Overview
from bot.core.dialogs.asking import write_answer
from bot.core.effects import (
    ChooseIntent,
    ForStaff,
    NameTopic,
    PreviewAnswer,
    ShowCard,
    ShowOverview,
    TellStaff,
)
from bot.core.events import JAPAN
from bot.core.figures import locale_of
from bot.core.knowledge import SOURCE_LANGUAGE
from bot.core.message import Button, Message, Paragraph, Span, spans
from bot.core.session import ELSEWHERE, Session
from bot.core.shapes import paragraphs
from bot.core.voice import Voice

LONGEST_TITLE = 128
"""Letters of a topic's title."""

Row = tuple[Button, ...]


def word_for_staff(effect: ForStaff, voice: Voice) -> Message:
    """What consultants read; `voice` speaks their language."""
    match effect:
        case ShowCard():
            return _word_card(effect, voice)
        case NameTopic():
            return _message(voice, [_title(effect.case, voice)], ())
        case TellStaff():
            return _word_sentence(effect, voice)
        case PreviewAnswer():
            return _word_preview(effect, voice)
        case ChooseIntent():
            rows: list[Row] = [
                (Button(label=_intent(name, voice), payload=effect.payload + name),)
                for name in effect.intents
            ]
            return _message(voice, [voice.message(effect.message)], rows)
        case ShowOverview():
            return _word_overview(effect, voice)
        case _:
            assert_never(effect)


def _message(voice: Voice, texts: list[str], rows: Sequence[Row]) -> Message:
    return Message(
        paragraphs=tuple(spans(text) for text in texts),
        buttons=tuple(rows),
        language=voice.language,
    )


def _word_sentence(effect: TellStaff, voice: Voice) -> Message:
    """Values are texts of people too, so they are set in as they are, never read as **bold**."""
    marks = {name: f"\0{index}\0" for index, (name, _) in enumerate(effect.values)}
    texts = [text for _, text in effect.values]
    whole = voice.message(effect.message, **marks)
    rows = [(Button(label=voice.message(label), payload=load),) for label, load in effect.buttons]
    return Message(
        paragraphs=tuple(_filled(part, texts) for part in paragraphs(whole)),
        buttons=tuple(rows),
        language=voice.language,
    )


def _filled(part: str, texts: list[str]) -> Paragraph:
    """A paragraph with the marked places filled in."""
    filled = []
    for span in spans(part):
        pieces = span.text.split("\0")
        text = "".join(
            texts[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)
        )
        filled.append(Span(text=text, bold=span.bold))
    return tuple(filled)


# --- the card ---------------------------------------------------------------------------------


def _status(case: Case, voice: Voice) -> str:
    if not case.is_open:
        return voice.message("desk.status.closed")
    if case.claimed is None:
        return voice.message("desk.status.waiting")
    return voice.message("desk.status.claimed", name=case.claimed.name)


def _title(case: Case, voice: Voice) -> str:
    """Number, status, language, subject."""
    parts = [f"#{case.number}", _status(case, voice), _language(case.writes, voice)]
    if case.subject is not None:
        parts.append(_subject(case.subject, voice))
    return " · ".join(parts).replace("*", "")[:LONGEST_TITLE]


def _subject(subject: str, voice: Voice) -> str:
    topic = voice.knowledge.topics.get(subject)
    return voice.text(f"topics.{subject}", topic.title) if topic else subject


def _language(language: str, voice: Voice) -> str:
    locale = locale_of(voice.language)
    name = locale.languages.get(language.replace("-", "_"))
    return str(name or locale.languages.get(language.split("-")[0]) or language)


def _intent(name: str, voice: Voice) -> str:
    return f"{name} {voice.answer_title(name)}" if name in voice.knowledge.answers else name


def _word_card(effect: ShowCard, voice: Voice) -> Message:
    """Everything a consultant needs in sight."""
    case = effect.case
    lines = [
        f"**#{case.number}** {_status(case, voice)}",
        voice.message("desk.card.person", number=str(effect.session.known_as or case.number)),
        voice.message("desk.card.language", language=_language(case.writes, voice)),
    ]
    lines += _facts(effect.session, case, voice)
    lines.append(_waiting(case.waits, effect.at, voice))
    parts: list[Paragraph] = [_plain(lines)]
    parts += [
        _plain(part) for part in (_trail(effect.session, voice), _dialog(effect.session, voice))
        if part
    ]  # fmt: skip
    if case.notes:
        parts.append(_plain([f"**{voice.message('desk.card.notes')}**", *case.notes]))
    how = voice.message("desk.card.how", language=_language(case.writes, voice))
    buttons = [
        Button(label=voice.message("desk.button.claim"), payload=f"desk:{case.number}:claim")
    ]
    return Message(
        paragraphs=(*parts, spans(how)),
        buttons=(tuple(buttons),) if case.is_open and case.claimed is None else (),
        language=voice.language,
    )


def _plain(lines: list[str]) -> Paragraph:
    """Lines of which only the first, ours, is read for **bold**; the others quote people."""
    first, *others = lines
    return (*spans(first), Span(text="".join(f"\n{line}" for line in others)))


def _facts(session: Session, case: Case, voice: Voice) -> Iterator[str]:
    place = voice.knowledge.places.get(session.place or "")
    if place is not None:
        name = voice.name(f"places.{session.place}", place.name)
        yield voice.message("desk.card.place", place=name)
    elif session.place == ELSEWHERE:
        yield voice.message("desk.card.elsewhere")
    if case.subject is not None:
        yield voice.message("desk.card.subject", subject=_subject(case.subject, voice))
    if case.contact is not None:
        yield voice.message(f"desk.card.contact.{case.contact}")


def _waiting(waits: str | None, at: datetime, voice: Voice) -> str:
    """Since when (ISO) somebody waits, and how long that is in office hours."""
    staff = voice.knowledge.staff
    if waits is None or staff is None:
        return voice.message("desk.card.not_waiting")
    since = datetime.fromisoformat(waits)
    return voice.message(
        "desk.card.waiting",
        since=_moment(since, voice),
        minutes=str(staff.hours.minutes(since, at)),
    )


def _moment(at: datetime, voice: Voice) -> str:
    return str(format_datetime(at.astimezone(JAPAN), "short", locale=locale_of(voice.language)))


def _trail(session: Session, voice: Voice) -> list[str]:
    """The last messages to the bot, and what it answered."""
    lines = []
    for one in session.trail:
        lines.append(f"– {one.said}")
        if one.intent is None or one.confidence is None:
            lines.append(voice.message("desk.card.not_understood"))
            continue
        title, percent = _intent(one.intent, voice), f"{one.confidence:.0%}"
        told = "desk.card.answered" if one.answered else "desk.card.nearest"
        lines.append(voice.message(told, title=title, percent=percent))
    return [f"**{voice.message('desk.card.trail')}**", *lines] if lines else []


def _dialog(session: Session, voice: Voice) -> list[str]:
    """The dialog that the resident was in, with the answers given."""
    run = session.run
    dialog = voice.knowledge.dialogs.get(run.dialog) if run else None
    if run is None or dialog is None or not run.answers:
        return []
    title = voice.dialog_title(run.dialog)
    answers = [
        write_answer(run.dialog, dialog, key, value, voice)
        for key, value in run.answers
        if dialog.question(key) is not None
    ]
    return [f"**{title}**", *answers]


# --- previews and lists -------------------------------------------------------------------------


def _word_preview(effect: PreviewAnswer, voice: Voice) -> Message:
    """The answer in the consultants' language, then as the resident will read it."""
    theirs = Voice(voice.knowledge, effect.language, voice.today)
    parts = [spans(f"**{_intent(effect.intent, voice)}**")]
    parts += _answer(effect.intent, voice)
    if effect.language != voice.language:
        parts.append(spans(f"**{_language(effect.language, voice)}**"))
        parts += _answer(effect.intent, theirs)
        if theirs.untranslated and effect.language != SOURCE_LANGUAGE:
            parts.append(spans(voice.message("desk.untranslated")))
    number = effect.ticket.number
    rows = [
        (Button(label=voice.message("desk.button.send"),
                payload=f"desk:{number}:send:{effect.step}"),
         Button(label=voice.message("desk.button.drop"),
                payload=f"desk:{number}:drop:{effect.step}")),
    ]  # fmt: skip
    return Message(paragraphs=tuple(parts), buttons=tuple(rows), language=voice.language)


def _answer(intent: str, voice: Voice) -> list[Paragraph]:
    short = voice.knowledge.answers[intent].short
    return [spans(voice.text(intent, text)) for text in paragraphs(short)]


def _word_overview(effect: ShowOverview, voice: Voice) -> Message:
    overview = effect.overview
    texts = []
    if effect.kind != "open":
        texts.append(_figures(overview, voice))
    if effect.kind != "stats":
        texts.append(_list(effect, voice))
    rows: list[Row] = []
    if effect.kind != "open" and overview.missed:
        lines = [f"{one.count} × {one.text}" for one in overview.missed]
        texts.append("\n".join([voice.message("desk.overview.missed"), *lines]))
        rows = [
            (Button(label=_missed(one.text, voice), payload=f"missed:{one.id}:"),)
            for one in overview.missed
        ]
    return Message(
        paragraphs=tuple(_plain(text.split("\n")) for text in texts),
        buttons=tuple(rows),
        language=voice.language,
    )


def _missed(text: str, voice: Voice) -> str:
    return voice.message("desk.make_example") + ": " + text[:30]


def _figures(overview: Overview, voice: Voice) -> str:
    staff = voice.knowledge.staff
    minutes = [
        staff.hours.minutes(datetime.fromisoformat(opened), datetime.fromisoformat(answered))
        for opened, answered in overview.first_answers
        if staff is not None
    ]
    lines = [
        voice.message(
            "desk.overview.figures",
            days=str(overview.days),
            opened=str(overview.opened),
            answered=str(len(overview.first_answers)),
            closed=str(overview.closed),
            waiting=str(len(overview.waiting)),
        )
    ]
    if minutes:
        typical = str(round(median(minutes)))
        lines.append(voice.message("desk.overview.first_answer", minutes=typical))
    if overview.ratings:
        average = f"{sum(overview.ratings) / len(overview.ratings):.1f}"
        count = str(len(overview.ratings))
        lines.append(voice.message("desk.overview.ratings", average=average, count=count))
    return "\n".join(lines)


def _list(effect: ShowOverview, voice: Voice) -> str:
    waiting = effect.overview.waiting
    if not waiting or voice.knowledge.staff is None:
        return voice.message("desk.overview.nothing_open")
    lines = [f"• {one.title}, {_waiting(one.since, effect.at, voice)}" for one in waiting]
    return "\n".join([voice.message("desk.overview.open"), *lines])
