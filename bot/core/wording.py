"""From effects to messages: what the resident reads, in their language, with their figures."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from babel import Locale

from bot.core.blocks import needs_place, write_blocks, write_sources
from bot.core.consultation.staff_wording import word_for_staff
from bot.core.consultation.wording import word_about_person
from bot.core.dialogs.asking import word_question
from bot.core.dialogs.reminding import (
    word_calendar,
    word_confirmation,
    word_list,
    word_reminder,
)
from bot.core.dialogs.telling import word_outcome, word_resume
from bot.core.effects import (
    AdmitMiss,
    AskQuestion,
    AskToForget,
    ConfirmReminders,
    Consult,
    Effect,
    ForStaff,
    GiveCalendar,
    ListReminders,
    OfferAnswer,
    OfferDialog,
    OfferLanguages,
    OfferPlaces,
    OfferResume,
    OfferSwitch,
    Relay,
    Remind,
    Say,
    ShowAnswer,
    ShowOutcome,
    ShowTopics,
    Silent,
    SuggestAnswers,
)
from bot.core.figures import locale_of
from bot.core.knowledge import COUNTER_LANGUAGE, LETTERS, PERSON, Knowledge
from bot.core.message import Button, Message, Paragraph, Span, spans
from bot.core.session import ELSEWHERE, RETENTION
from bot.core.shapes import Answer, is_urgent, paragraphs
from bot.core.voice import Voice

SHARED = (
    ShowAnswer,
    SuggestAnswers,
    AdmitMiss,
    ShowTopics,
    OfferLanguages,
    OfferSwitch,
    OfferPlaces,
    Say,
)
"""Effects that are the same for many residents."""

MOST_WORDED = 500
"""Messages kept: a few kilobytes each."""

Row = tuple[Button, ...]
Rows = Sequence[Row]


def word(
    effect: Effect, *, language: str, place: str | None, today: date, knowledge: Knowledge
) -> Message | None:
    """The message that an effect is said with; None for an effect that says nothing.

    What is said to many is worded once for all residents of a language and place on a day. What
    holds somebody's answers, or the step of one event, is not kept: it would never be asked again.
    """
    if not isinstance(effect, SHARED):
        return _word(effect, language, place, today, knowledge)
    worded = knowledge.worded
    key = (effect, language, place, today)
    if key not in worded:
        if len(worded) >= MOST_WORDED:
            worded.clear()
        worded[key] = _word(effect, language, place, today, knowledge)
    return worded[key]


def _word(
    effect: Effect, language: str, place: str | None, today: date, knowledge: Knowledge
) -> Message | None:
    voice = Voice(knowledge, language, today)
    if isinstance(effect, Silent | Relay):
        return None
    if isinstance(effect, ForStaff):
        staff = knowledge.staff
        theirs = staff.language if staff else COUNTER_LANGUAGE
        return word_for_staff(effect, Voice(knowledge, theirs, today))
    match effect:
        case ShowAnswer():
            return word_answer(effect, place, voice)
        case SuggestAnswers():
            rows = [_answer_button(intent, voice) for intent in effect.intents]
            asked = "suggest.several" if effect.several else "suggest"
            danger = ["miss.danger"] if effect.guessed else []
            return _message(voice, [asked, *danger], [*rows, *_ways_on(voice)])
        case AdmitMiss():
            return _word_miss(effect, voice)
        case ShowTopics():
            return _word_topics(effect, voice)
        case OfferLanguages():
            rows = [(_language_button(tag),) for tag in knowledge.languages]
            return _message(voice, ["language.which"], rows)
        case OfferSwitch():
            there = Voice(knowledge, effect.language, today)
            return _message(there, ["language.switch"], [(_language_button(effect.language),)])
        case OfferPlaces():
            return _word_places(voice)
        case Say():
            return _word_sentence(effect, voice)
        case AskToForget():
            return _word_forget(effect, voice)
        case _:
            return _word_dialog_or_person(effect, place, voice)


def _word_dialog_or_person(
    effect: AskQuestion
    | ShowOutcome
    | OfferResume
    | GiveCalendar
    | ConfirmReminders
    | ListReminders
    | Remind
    | Consult
    | OfferAnswer
    | OfferDialog,
    place: str | None,
    voice: Voice,
) -> Message:
    match effect:
        case AskQuestion():
            return word_question(effect, voice)
        case ShowOutcome():
            return word_outcome(effect, place, voice)
        case OfferResume():
            return word_resume(effect, voice)
        case GiveCalendar():
            return word_calendar(effect, voice)
        case ConfirmReminders():
            return word_confirmation(effect, voice)
        case ListReminders():
            return word_list(effect, voice)
        case Remind():
            return word_reminder(effect, voice)
        case Consult() | OfferAnswer() | OfferDialog():
            return word_about_person(effect, voice)
        case _:
            assert_never(effect)


def word_answer(effect: ShowAnswer, place: str | None, voice: Voice) -> Message:
    """An answer: title, text, what the place adds, sources, notes, and the ways on.

    "Show in Japanese" gives the same text with the same figures in Japanese under a line for the
    clerk; its buttons stay in the resident's language.
    """
    answer = voice.knowledge.answers[effect.intent]
    speaker = voice
    if effect.part == "japanese":
        speaker = Voice(voice.knowledge, COUNTER_LANGUAGE, voice.today)
    parts: list[Paragraph] = []
    if effect.part == "japanese":
        parts.append(spans(speaker.message("answer.for_the_clerk")))
    if effect.paper is not None:
        parts.append(spans(_paper_line(effect.paper, speaker)))
    parts.append((Span(text=speaker.text(effect.intent, answer.title), bold=True),))
    body = answer.more if effect.part == "more" and answer.more else answer.short
    parts += [spans(speaker.text(effect.intent, text)) for text in paragraphs(body)]
    if effect.part != "more":
        parts += [spans(text) for text in write_blocks(answer.show, place, speaker)]
    if not is_urgent(effect.intent):
        parts += [spans(note) for note in speaker.notes()]
    parts += write_sources(answer.sources, speaker)
    return Message(
        paragraphs=tuple(parts),
        buttons=tuple(_answer_rows(effect, answer, place, voice)),
        language=speaker.language,
        intent=effect.intent,
    )


def _paper_line(name: str, voice: Voice) -> str:
    paper = voice.knowledge.papers[name]
    context = f"papers.{name}"
    what, says = voice.text(context, paper.name), voice.text(context, paper.says)
    return voice.message("answer.paper", title=paper.title, name=what, text=says)


def _answer_rows(effect: ShowAnswer, answer: Answer, place: str | None, voice: Voice) -> Rows:
    intent = effect.intent
    rows: list[Row] = []
    if effect.part == "short":
        if answer.more:
            rows.append((Button(label=voice.message("button.more"), payload=f"more:{intent}"),))
        if "papers" in answer.show:
            rows += [_paper_button(name, voice) for name in voice.knowledge.papers]
        if place is None and any(needs_place(block) for block in answer.show):
            rows.append((Button(label=voice.message("button.place"), payload="places"),))
    else:
        rows.append((Button(label=voice.message("button.back"), payload=f"short:{intent}"),))
    rows += [_dialog_button(name, voice) for name in answer.dialogs]
    rows += [_answer_button(name, voice) for name in answer.related if name != PERSON]
    if effect.part != "japanese" and _can_be_shown(intent, answer, voice):
        label = voice.message("button.japanese")
        rows.append((Button(label=label, payload=f"japanese:{intent}"),))
    if not intent.startswith("chat."):
        rows.append(
            (
                Button(label=voice.message("button.helpful"), payload=f"helpful:{intent}"),
                Button(label=voice.message("button.unhelpful"), payload=f"unhelpful:{intent}"),
            )
        )
    return [*rows, *_ways_on(voice)]


def _can_be_shown(intent: str, answer: Answer, voice: Voice) -> bool:
    """Whether the answer can be shown at the counter: wholly translated into Japanese."""
    if voice.language == COUNTER_LANGUAGE or intent.startswith(("chat.", "outside.")):
        return False
    texts = (answer.title, *paragraphs(answer.short))
    return all(voice.knowledge.translation(COUNTER_LANGUAGE, intent, text) for text in texts)


def _ways_on(voice: Voice) -> Rows:
    return [
        (
            Button(label=voice.message("button.topics"), payload="topics"),
            Button(label=voice.message("button.person"), payload=f"answer:{PERSON}"),
        )
    ]


def _work_it_out(voice: Voice) -> Rows:
    """The topics that are dialogs alone."""
    return [
        (Button(label=voice.text(f"topics.{name}", topic.title), payload=f"topic:{name}"),)
        for name, topic in voice.knowledge.topics.items()
        if topic.dialogs and not topic.answers
    ]


def _answer_button(intent: str, voice: Voice) -> Row:
    title = voice.answer_title(intent)
    return (Button(label=title, payload=f"answer:{intent}"),)


def _dialog_button(name: str, voice: Voice) -> Row:
    title = voice.dialog_title(name)
    return (Button(label=voice.message("button.dialog", title=title), payload=f"dialog:{name}"),)


def _paper_button(name: str, voice: Voice) -> Row:
    paper = voice.knowledge.papers[name]
    label = f"{paper.title} – {voice.text(f'papers.{name}', paper.name)}"
    return (Button(label=label, payload=f"paper:{name}"),)


def _language_button(language: str) -> Button:
    locale: Locale = locale_of(language)
    own_name = locale.languages.get(language.replace("-", "_")) or locale.language_name
    return Button(label=str(own_name), payload=f"language:{language}")


def _message(voice: Voice, sentences: list[str], rows: Rows) -> Message:
    texts = [voice.message(name) for name in sentences]
    return Message(
        paragraphs=tuple(spans(part) for text in texts for part in paragraphs(text)),
        buttons=tuple(rows),
        language=voice.language,
    )


def _word_miss(effect: AdmitMiss, voice: Voice) -> Message:
    """No dead end: a person, the topics, the letters, and what to do in danger."""
    person = (Button(label=voice.message("button.person"), payload=f"answer:{PERSON}"),)
    topics = (Button(label=voice.message("button.topics"), payload="topics"),)
    letter = (Button(label=voice.message("button.letter"), payload=f"answer:{LETTERS}"),)
    rows = [person, topics, letter] if effect.person_first else [topics, letter, person]
    again = "miss.again" if effect.person_first else "miss"
    return _message(voice, [again, "miss.danger"], rows)


def _word_topics(effect: ShowTopics, voice: Voice) -> Message:
    name = effect.topic
    if name is None:
        rows: list[Row] = [
            (Button(label=voice.text(f"topics.{key}", topic.title), payload=f"topic:{key}"),)
            for key, topic in voice.knowledge.topics.items()
            if not effect.among or key in effect.among
        ]
        person = Button(label=voice.message("button.person"), payload=f"answer:{PERSON}")
        return _message(voice, ["topics"], [*rows, (person,)])
    topic = voice.knowledge.topics[name]
    heading = spans(f"**{voice.text(f'topics.{name}', topic.title)}**")
    rows = [_dialog_button(dialog, voice) for dialog in topic.dialogs]
    rows += [_answer_button(intent, voice) for intent in topic.answers]
    return Message(
        paragraphs=(heading,), buttons=(*rows, *_ways_on(voice)), language=voice.language
    )


def _word_places(voice: Voice) -> Message:
    buttons = [
        Button(label=voice.name(f"places.{key}", place.name), payload=f"place:{key}")
        for key, place in voice.knowledge.municipalities().items()
    ]
    buttons.append(Button(label=voice.message("button.elsewhere"), payload=f"place:{ELSEWHERE}"))
    rows = [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]
    return _message(voice, ["place.which"], rows)


def _word_forget(effect: AskToForget, voice: Voice) -> Message:
    rows = [
        (Button(label=voice.message(f"button.{choice}"), payload=f"now:{effect.step}:{choice}"),)
        for choice in ("forget", "keep")
    ]
    return _message(voice, ["forget"], rows)


def _word_sentence(effect: Say, voice: Voice) -> Message:
    """A sentence of the bot's own, with the buttons that go with it."""
    values = {"group": str(effect.group), **RETENTION}
    if effect.place is not None:
        place = voice.knowledge.places[effect.place]
        values["place"] = voice.name(f"places.{effect.place}", place.name)
    text = voice.message(effect.message, **values)
    letter = (Button(label=voice.message("button.letter"), payload=f"answer:{LETTERS}"),)
    languages = (Button(label=voice.message("button.language"), payload="languages"),)
    rows: Rows = ()
    if effect.message in ("welcome", "help", "cancelled", "media"):
        rows = [*_work_it_out(voice), *_ways_on(voice), letter, languages]
    if effect.message == "feedback.unhelpful":
        rows = _ways_on(voice)
    if effect.message == "language.not_yet":
        rows = [(_language_button(tag),) for tag in voice.knowledge.languages]
    parts = paragraphs(text)
    if effect.message == "privacy" and voice.knowledge.staff is not None:
        parts = (*parts, *paragraphs(voice.message("privacy.consultation", **RETENTION)))
    return Message(
        paragraphs=tuple(spans(part) for part in parts),
        buttons=tuple(rows),
        language=voice.language,
    )
