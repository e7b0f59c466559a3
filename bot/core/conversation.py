"""`respond`: one event in, the new session and what is to be said out. The heart of the bot.

The order is the promise: danger to life first; then what works in any state (commands, opening
buttons, a person); then the question of a dialog takes a text as its answer, and an open
consultation carries it to the consultants; what is left is matched: sure -> answer, unsure -> "did
you mean", unknown -> every way on. Nothing is ever asked before the first answer.
"""

from dataclasses import dataclass, replace
from typing import Literal, assert_never

from bot.core.consultation import course, passing, resident
from bot.core.consultation.consultants import complete_album, erase, hear_consultant, show_digest
from bot.core.consultation.shapes import CUT
from bot.core.dialogs.talk import Said, Talk, pause
from bot.core.effects import (
    AdmitMiss,
    AskToForget,
    Consult,
    CountFeedback,
    Effect,
    Forget,
    ListReminders,
    NoteMiss,
    OfferAnswer,
    OfferLanguages,
    OfferPlaces,
    OfferSwitch,
    Relay,
    Say,
    ShowAnswer,
    ShowTopics,
    SuggestAnswers,
)
from bot.core.events import (
    AlbumComplete,
    AnswerOverdue,
    ButtonPressed,
    CommandGiven,
    DeliveryFailed,
    DigestDue,
    Event,
    GroupJoined,
    MediaSent,
    ReminderDue,
    TextSaid,
    TopicLost,
    TranscriptExpired,
    WroteTooFast,
)
from bot.core.knowledge import PERSON, Knowledge
from bot.core.matching import ANSWER_FROM, Ranking, is_outside, rank
from bot.core.matching.normal import is_unspaced, normalise, runs
from bot.core.reminders import remind, removed
from bot.core.session import ELSEWHERE, Session
from bot.core.shapes import is_urgent

MISSES_UNTIL_PERSON = 2
"""After so many messages in a row that were not understood, a person is offered first."""

FOLLOW_UP_WORDS, FOLLOW_UP_LETTERS = 5, 10
"""A message of at most so many words, or letters of an unspaced script, may be a follow-up."""

LIKELY = 0.5
"""Confidence from which a candidate stands before what is related to the last answer."""

MOST_SUGGESTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What follows from an event: the new session, the effects in order, and their language.

    `ranking` is what a message was understood as; None for buttons and commands. `in_place` says
    that the first message takes the place of the one whose button was pressed.
    """

    session: Session
    effects: tuple[Effect, ...]
    language: str
    ranking: Ranking | None = None
    in_place: bool = False


STALE = Say(message="stale")

IN_PLACE = ("more", "short", "language", "place", "topic", "now", "unremind")
"""Buttons whose message turns into what they open; all others leave it to be read again, and so
does everything about a consultation: what was agreed to stays."""


def respond(session: Session, event: Event, knowledge: Knowledge) -> Turn:
    """Decide what to say to an event. Pure: the same arguments always give the same turn."""
    language = spoken_language(session, event.hint, knowledge)
    talk = Talk(
        session=session, language=language, at=event.at, number=event.number, knowledge=knowledge
    )
    match event:
        case TextSaid() | MediaSent() | CommandGiven() | ButtonPressed() if event.by is not None:
            return _said(hear_consultant(event, talk), language)
        case TextSaid():
            return _respond_to_text(event, talk)
        case CommandGiven():
            return _respond_to_command(event, talk)
        case ButtonPressed():
            turn = _respond_to_button(event.payload, talk)
            stays = turn.effects[:1] == (STALE,) or any(
                isinstance(one, Consult | Relay) for one in turn.effects
            )
            kind = event.payload.partition(":")[0]
            return replace(turn, in_place=kind in IN_PLACE and not stays)
        case MediaSent():
            said = resident.hear_media(event, talk)
            return _said(said or _outside(session, event), language)
        case GroupJoined():
            return _turn(session, language, Say(message="group", group=event.group))
        case WroteTooFast():
            return _turn(session, language, Say(message="too_fast"))
        case _:
            return _said(_on_its_own(event, talk), language)


def _on_its_own(
    event: ReminderDue
    | AlbumComplete
    | AnswerOverdue
    | DeliveryFailed
    | TopicLost
    | DigestDue
    | TranscriptExpired,
    talk: Talk,
) -> Said:
    """What happens without anybody doing something."""
    match event:
        case ReminderDue():
            return remind(talk.session, event)
        case AlbumComplete():
            if event.by is not None:
                return complete_album(event, talk)
            return passing.complete_album(event, talk)
        case AnswerOverdue():
            return course.look_at_overdue(event, talk)
        case DeliveryFailed():
            return course.tell_failure(event, talk)
        case TopicLost():
            return course.restore_topic(event, talk)
        case DigestDue():
            return show_digest(event, talk)
        case TranscriptExpired():
            return talk.session, erase(event)
        case _:
            assert_never(event)


def _outside(session: Session, event: MediaSent) -> Said:
    """A photo or the like for the bot, which reads text only."""
    return session, () if event.edited else (Say(message="media"),)


def spoken_language(session: Session, hint: str | None, knowledge: Knowledge) -> str:
    """The resident's choice, else what they wrote last, else their app's, else the default.

    What happens without the resident has no hint: then a consultation knows the language.
    """
    if session.language is None and hint is None and session.case is not None:
        return session.case.language
    heard = session.language or knowledge.supported(session.heard)
    return heard or knowledge.supported(hint) or knowledge.default_language


def _respond_to_text(said: TextSaid, talk: Talk) -> Turn:
    """An edit is asked again if it is the last question; an earlier one is history."""
    session = talk.session
    case = session.case
    consulting = case is not None and case.is_open and talk.knowledge.staff is not None
    if said.edited and said.message != session.message and not consulting:
        return _turn(session, talk.language)
    turn = _hear(said, replace(talk, session=replace(session, message=said.message)))
    if said.masked:
        return replace(turn, effects=(Say(message="masked"), *turn.effects))
    return turn


def _hear(said: TextSaid, talk: Talk) -> Turn:
    """A text: an answer in a dialog, a word to a person, or a question that the bot answers."""
    first = _comes_first(said.text, talk.knowledge)
    if talk.is_asking and not first and not said.edited:
        answered = talk.answer(said.text)
        if answered is not None:
            return _said(answered, talk.language)
    if first == "person" and not said.edited and not resident.is_waited_for(talk):
        return _said(resident.offer_person(talk), talk.language)
    passed = resident.hear_text(said, talk)
    if passed is not None:
        return _beside(said, talk, passed, urgent=first == "urgent")
    return _answer(said, talk)


def _beside(said: TextSaid, talk: Talk, passed: Said, *, urgent: bool) -> Turn:
    """What the bot says beside passing a text on: in danger, and a sure answer while they wait."""
    turn = _said(passed, talk.language)
    case = passed[0].case
    if urgent:
        ranking = rank(said.text, talk.language, talk.knowledge, runners_up=False)
        if ranking.intent is not None:
            return replace(turn, effects=(ShowAnswer(intent=ranking.intent), *turn.effects))
    if case is None or not case.is_open or case.claimed is not None or said.edited:
        return turn
    ranking = rank(said.text, talk.language, talk.knowledge, runners_up=False)
    if ranking.intent is None or ranking.intent.startswith("chat.") or is_outside(ranking.intent):
        return turn
    return replace(turn, effects=(*turn.effects, OfferAnswer(intent=ranking.intent)))


def _answer(said: TextSaid, talk: Talk) -> Turn:
    """What the bot answers, and beside it the question of a dialog that somebody is in."""
    text, session, language = said.text, talk.session, talk.language
    turn = _understand(text, talk)
    if any(isinstance(one, ShowAnswer) and is_urgent(one.intent) for one in turn.effects):
        return turn
    turn = replace(turn, session=_remembering(turn, text, talk))
    after = replace(talk, session=turn.session, language=turn.language)
    if not talk.is_asking:
        waits = session.run is not None and not session.run.paused
        if not waits:
            return turn
        offered, effects = after.offer_resume()
        return _followed(turn, (pause(offered), effects))  # once
    if turn.ranking is None or turn.ranking.intent is not None:
        return _followed(turn, after.ask_again())
    asks = text.rstrip().endswith(("?", "？")) or not _is_follow_up(normalise(text))
    if asks and any(isinstance(one, SuggestAnswers) for one in turn.effects):
        return _followed(turn, after.ask_again())
    return _said(talk.ask_again("wrong"), language)


def _remembering(turn: Turn, text: str, talk: Talk) -> Session:
    """The session with this exchange in it, for a person who may be asked next."""
    if talk.knowledge.staff is None or turn.ranking is None:
        return turn.session
    answered = turn.ranking.intent is not None
    return resident.remembering(turn.session, text, turn.ranking, talk.at, answered=answered)


def _comes_first(text: str, knowledge: Knowledge) -> Literal["urgent", "person"] | None:
    """Danger to life, and the wish for a person: never an answer to a question of ours."""
    normal, matcher = normalise(text), knowledge.matcher
    if matcher.emergencies.find(normal) is not None:
        return "urgent"
    return "person" if matcher.exact(normal, matcher.languages) == PERSON else None


def _understand(text: str, talk: Talk) -> Turn:
    session, language, knowledge = talk.session, talk.language, talk.knowledge
    normal = normalise(text)
    place = knowledge.place_names.get(normal)
    if place is not None:
        return _choose_place(talk, place)
    topics = knowledge.matcher.broad(normal, knowledge.words)
    if topics:
        return _turn(replace(session, misses=0), language, ShowTopics(among=topics))
    ranking = rank(text, language, knowledge, runners_up=False)
    heard = knowledge.supported(ranking.detected) or language
    if ranking.detected is not None and session.language is None:
        session = replace(session, heard=heard)
    if ranking.intent == PERSON and knowledge.staff is not None:
        after, said = resident.offer_person(replace(talk, session=session, language=heard))
        return Turn(session=after, effects=said, language=heard, ranking=ranking)
    if ranking.intent is not None:
        paper = knowledge.matcher.paper(normal)
        leads_here = paper is not None and knowledge.papers[paper].intent == ranking.intent
        effects: list[Effect] = [
            ShowAnswer(intent=ranking.intent, paper=paper if leads_here else None)
        ]
        after = replace(session, answer=ranking.intent, misses=0)
    else:
        effects = _unsure(ranking, session, normal, knowledge)
        after = replace(session, misses=session.misses + 1)
    if heard != language and session.language is not None:
        effects.append(OfferSwitch(language=heard))
    foreign = ranking.detected if knowledge.supported(ranking.detected) is None else None
    if foreign is not None and foreign != session.foreign:
        effects.insert(0, Say(message="language.not_yet"))
        after = replace(after, foreign=foreign)
    return Turn(session=after, effects=tuple(effects), language=heard, ranking=ranking)


def _unsure(ranking: Ranking, session: Session, normal: str, knowledge: Knowledge) -> list[Effect]:
    """A pointer for a neighbouring subject, "did you mean", or an honest miss.

    "And how much?" behind an answer is about that answer: what is related to it is offered.
    """
    offered = tuple(one.intent for one in ranking.candidates if not is_outside(one.intent))
    outside = next((one for one in ranking.candidates[:1] if is_outside(one.intent)), None)
    if outside is not None and outside.confidence >= ANSWER_FROM:
        return [ShowAnswer(intent=outside.intent)]
    if ranking.several:
        return [SuggestAnswers(intents=offered, several=True)]
    last = knowledge.answers.get(session.answer or "")
    if last is not None and _is_follow_up(normal):
        likely = [
            one.intent
            for one in ranking.candidates
            if one.confidence >= LIKELY and one.intent in offered
        ]
        related = [name for name in last.related if name != PERSON]
        around = dict.fromkeys((*likely, *related, *offered))
        return [SuggestAnswers(intents=tuple(around)[:MOST_SUGGESTED], guessed=not likely)]
    if ranking.band == "suggest" and offered:
        return [SuggestAnswers(intents=offered)]
    missed = AdmitMiss(person_first=session.misses + 1 >= MISSES_UNTIL_PERSON)
    if knowledge.staff is None:
        return [missed]
    return [missed, NoteMiss(text=normal[:CUT], language=ranking.detected or ranking.language)]


def _is_follow_up(normal: str) -> bool:
    parts = runs(normal)
    letters = sum(len(part) for part in parts if is_unspaced(part))
    return len(parts) <= FOLLOW_UP_WORDS and letters <= FOLLOW_UP_LETTERS


def _respond_to_command(command: CommandGiven, talk: Talk) -> Turn:
    """Commands work in any state; an unknown one gets the help."""
    session, language, knowledge = talk.session, talk.language, talk.knowledge
    named = command.argument.strip()
    intent = named.replace("-", ".", 1)
    if command.name == "start" and named in knowledge.dialogs:
        return _said(talk.begin(named), language)
    if command.name == "start" and intent in knowledge.answers:
        return _show(session, intent, language)
    if command.name == "human":
        return _said(resident.offer_person(talk), language)
    if command.name == "forget":
        asked = replace(session, asked=command.number)
        return _turn(asked, language, AskToForget(step=command.number))
    says: dict[str, Effect] = {
        "start": Say(message="welcome"),
        "cancel": Say(message="cancelled"),
        "language": OfferLanguages(),
        "place": OfferPlaces(),
        "topics": ShowTopics(),
        "privacy": Say(message="privacy"),
        "reminders": ListReminders(reminders=session.reminders),
    }
    effect = says.get(command.name, Say(message="help"))
    if command.name == "cancel":
        session = replace(session, run=None)
    elif command.name not in ("language", "place"):
        session = pause(session)
    after = replace(session, misses=0, asked=None, expects=None)
    turn = _turn(after, language, effect)
    case = after.case
    if command.name in ("start", "cancel") and case is not None and case.is_open:
        turn = _followed(turn, (after, (Consult(message="consult.goes_on", case=case),)))
    if command.name == "start":
        return _followed(turn, replace(talk, session=turn.session).offer_resume())
    return turn


CONSULTING = ("counter", "subject", "contact", "end", "held", "rate")
"""Buttons of a consultation."""


def _press_about_person(kind: str, target: str, talk: Talk) -> Turn:
    if kind == "answer":
        return _said(resident.offer_person(talk), talk.language)
    if kind == "counter":
        return _show(talk.session, PERSON, talk.language)
    changed = resident.change(kind, target, talk)
    return _said(changed or (talk.session, (STALE,)), talk.language)


def _respond_to_button(payload: str, talk: Talk) -> Turn:
    """Buttons that open something work for ever; one whose target is gone shows the topics."""
    kind, _, target = payload.partition(":")
    if kind in CONSULTING or payload == f"answer:{PERSON}":
        return _press_about_person(kind, target, talk)
    if kind != "now":
        talk = replace(talk, session=replace(talk.session, expects=None))
    session, language, knowledge = talk.session, talk.language, talk.knowledge
    match kind:
        case "answer" if target in knowledge.answers:
            return _show(session, target, language)
        case "dialog" if target in knowledge.dialogs:
            return _said(talk.begin(target), language)
        case "short" | "more" | "japanese" if target in knowledge.answers:
            return _turn(session, language, ShowAnswer(intent=target, part=kind))
        case "paper" if target in knowledge.papers:
            return _show(session, knowledge.papers[target].intent, language, paper=target)
        case "topic" if target in knowledge.topics:
            return _turn(session, language, ShowTopics(topic=target))
        case "languages":
            return _turn(session, language, OfferLanguages())
        case "places":
            return _turn(session, language, OfferPlaces())
        case "now":
            return _confirm(target, talk)
        case _:
            return _choose(kind, target, talk)


def _choose(kind: str, target: str, talk: Talk) -> Turn:
    """Buttons that change something: language, place, a reminder, the count of helpful answers."""
    session, language, knowledge = talk.session, talk.language, talk.knowledge
    match kind:
        case "language" if target in knowledge.languages:
            return _choose_language(talk, target)
        case "place" if target == ELSEWHERE or target in knowledge.municipalities():
            return _choose_place(talk, target)
        case "helpful" | "unhelpful" if target in knowledge.answers:
            return _count(session, target, kind == "helpful", language)
        case "unremind":
            after = removed(session, *target.partition(":")[::2])
            return _turn(after, language, ListReminders(reminders=after.reminders))
        case _:
            return _turn(session, language, ShowTopics())


def _confirm(target: str, talk: Talk) -> Turn:
    """The answer to a question of the bot: it counts once, and only for the latest question."""
    session, language = talk.session, talk.language
    step, _, choice = target.partition(":")
    if talk.run is not None and step == str(talk.run.step):
        return _said(talk.press(choice), language)
    if session.asked is None or step != str(session.asked):
        stale = _turn(session, language, STALE)
        return _followed(stale, talk.ask_again()) if talk.is_asking else stale
    if choice == "forget":
        return _forget(talk)
    chosen = resident.choose(choice, talk)
    if chosen is not None:
        return _said(chosen, language)
    return _turn(replace(session, asked=None), language, Say(message="forget.kept"))


def _forget(talk: Talk) -> Turn:
    """All goes but what would lift a limit; that goes on its own."""
    kept = Session(barred=talk.session.barred, opened=talk.session.opened)
    said = [Say(message="forget.done")]
    if kept != Session():
        said.append(Say(message="forget.rest"))
    return _turn(kept, talk.language, Forget(), *said)


def _said(said: Said, language: str) -> Turn:
    session, effects = said
    return _turn(session, language, *effects)


def _followed(turn: Turn, said: Said) -> Turn:
    """The same turn, and then what a dialog says."""
    session, effects = said
    return replace(turn, session=session, effects=(*turn.effects, *effects))


def _turn(session: Session, language: str, *effects: Effect) -> Turn:
    return Turn(session=session, effects=effects, language=language)


def _show(session: Session, intent: str, language: str, paper: str | None = None) -> Turn:
    after = replace(session, answer=intent, misses=0)
    return _turn(after, language, ShowAnswer(intent=intent, paper=paper))


def _choose_language(talk: Talk, language: str) -> Turn:
    """From now on in this language; what was read last is said again in it."""
    after = replace(talk.session, language=language)
    turn = _turn(after, language, Say(message="language.chosen"))
    return _followed(turn, _again(replace(talk, session=after, language=language)))


def _choose_place(talk: Talk, place: str) -> Turn:
    """From now on with the counters of this place; what was read last is said again with them."""
    after = replace(talk.session, place=place, misses=0)
    said = (
        Say(message="place.elsewhere")
        if place == ELSEWHERE
        else Say(message="place.chosen", place=place)
    )
    return _followed(_turn(after, talk.language, said), _again(replace(talk, session=after)))


def _again(talk: Talk) -> Said:
    """What was read last, or the topics: a choice never ends in nothing."""
    session, run = talk.session, talk.run
    if run is not None and (talk.is_asking or (run.finished and session.answer is None)):
        return talk.ask_again()
    return session, (ShowAnswer(intent=session.answer) if session.answer else ShowTopics(),)


def _count(session: Session, intent: str, helpful: bool, language: str) -> Turn:
    said = Say(message="feedback.helpful" if helpful else "feedback.unhelpful")
    return _turn(session, language, CountFeedback(intent=intent, helpful=helpful), said)
