"""`respond`: one event in, the new session and what is to be said out. The heart of the bot.

The order is the promise: danger to life first; then what works in any state (commands, opening
buttons); then the message is matched: sure -> answer, unsure -> "did you mean", unknown -> every
way on. Nothing is ever asked before the first answer.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from bot.core.effects import (
    AdmitMiss,
    AskToForget,
    CountFeedback,
    Effect,
    Forget,
    OfferLanguages,
    OfferPlaces,
    OfferSwitch,
    Say,
    ShowAnswer,
    ShowTopics,
    SuggestAnswers,
)
from bot.core.events import (
    ButtonPressed,
    CommandGiven,
    Event,
    GroupJoined,
    MediaSent,
    TextSaid,
)
from bot.core.knowledge import PERSON, Knowledge
from bot.core.matching import Ranking, rank
from bot.core.matching.normal import is_unspaced, normalise, runs
from bot.core.matching.ranking import ANSWER_FROM, is_outside
from bot.core.session import ELSEWHERE, Session

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

IN_PLACE = ("more", "short", "language", "place", "topic", "now")
"""Buttons whose message turns into what they open; all others leave it to be read again."""


def respond(session: Session, event: Event, knowledge: Knowledge) -> Turn:
    """Decide what to say to an event. Pure: the same arguments always give the same turn."""
    language = spoken_language(session, event.hint, knowledge)
    match event:
        case TextSaid():
            return _respond_to_text(session, event, language, knowledge)
        case CommandGiven():
            return _respond_to_command(session, event, language, knowledge)
        case ButtonPressed():
            turn = _respond_to_button(session, event.payload, language, knowledge)
            stale = turn.effects == (STALE,)
            return replace(turn, in_place=event.payload.partition(":")[0] in IN_PLACE and not stale)
        case MediaSent():
            return _turn(session, language, Say(message="media"))
        case GroupJoined():
            return _turn(session, language, Say(message="group", group=event.group))
        case _:
            assert_never(event)


def spoken_language(session: Session, hint: str | None, knowledge: Knowledge) -> str:
    """The resident's choice, else the language of their app, else the default."""
    return session.language or knowledge.supported(hint) or knowledge.default_language


def _respond_to_text(session: Session, said: TextSaid, language: str, knowledge: Knowledge) -> Turn:
    """An edit is asked again if it is the last question; an earlier one is history."""
    if said.edited and said.message != session.message:
        return _turn(session, language)
    turn = _understand(replace(session, message=said.message), said.text, language, knowledge)
    if said.masked:
        return replace(turn, effects=(Say(message="masked"), *turn.effects))
    return turn


def _understand(session: Session, text: str, language: str, knowledge: Knowledge) -> Turn:
    normal = normalise(text)
    place = knowledge.place_names.get(normal)
    if place is not None:
        return _choose_place(session, place, language)
    topics = knowledge.matcher.broad(normal, knowledge.words)
    if topics:
        return _turn(replace(session, misses=0), language, ShowTopics(among=topics))
    ranking = rank(text, language, knowledge, runners_up=False)
    heard = knowledge.supported(ranking.detected) or language
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
        return [SuggestAnswers(intents=tuple(around)[:MOST_SUGGESTED])]
    if ranking.band == "suggest" and offered:
        return [SuggestAnswers(intents=offered)]
    return [AdmitMiss(person_first=session.misses + 1 >= MISSES_UNTIL_PERSON)]


def _is_follow_up(normal: str) -> bool:
    parts = runs(normal)
    letters = sum(len(part) for part in parts if is_unspaced(part))
    return len(parts) <= FOLLOW_UP_WORDS and letters <= FOLLOW_UP_LETTERS


def _respond_to_command(
    session: Session, command: CommandGiven, language: str, knowledge: Knowledge
) -> Turn:
    """Commands work in any state; an unknown one gets the help."""
    intent = command.argument.strip().replace("-", ".", 1)
    if command.name == "start" and intent in knowledge.answers:
        return _show(session, intent, language)
    if command.name == "human":
        return _show(session, PERSON, language)
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
    }
    effect = says.get(command.name, Say(message="help"))
    return _turn(replace(session, misses=0, asked=None), language, effect)


def _respond_to_button(session: Session, payload: str, language: str, knowledge: Knowledge) -> Turn:
    """Buttons that open something work for ever; one whose target is gone shows the topics."""
    kind, _, target = payload.partition(":")
    match kind:
        case "answer" if target in knowledge.answers:
            return _show(session, target, language)
        case "short" | "more" | "japanese" if target in knowledge.answers:
            return _turn(session, language, ShowAnswer(intent=target, part=kind))
        case "paper" if target in knowledge.papers:
            return _show(session, knowledge.papers[target].intent, language, paper=target)
        case "topic" if target in knowledge.topics:
            return _turn(session, language, ShowTopics(topic=target))
        case "languages":
            return _turn(session, language, OfferLanguages())
        case "language" if target in knowledge.languages:
            return _choose_language(session, target)
        case "places":
            return _turn(session, language, OfferPlaces())
        case "place" if target == ELSEWHERE or target in knowledge.municipalities():
            return _choose_place(session, target, language)
        case "helpful" | "unhelpful" if target in knowledge.answers:
            return _count(session, target, kind == "helpful", language)
        case "now":
            return _confirm(session, target, language)
        case _:
            return _turn(session, language, ShowTopics())


def _confirm(session: Session, target: str, language: str) -> Turn:
    """The answer to a question of the bot: it counts once, and only for the latest question."""
    step, _, choice = target.partition(":")
    if session.asked is None or step != str(session.asked):
        return _turn(session, language, STALE)
    if choice == "forget":
        return _turn(Session(), language, Forget(), Say(message="forget.done"))
    return _turn(replace(session, asked=None), language, Say(message="forget.kept"))


def _turn(session: Session, language: str, *effects: Effect) -> Turn:
    return Turn(session=session, effects=effects, language=language)


def _show(session: Session, intent: str, language: str, paper: str | None = None) -> Turn:
    after = replace(session, answer=intent, misses=0)
    return _turn(after, language, ShowAnswer(intent=intent, paper=paper))


def _choose_language(session: Session, language: str) -> Turn:
    """From now on in this language; what was read last is said again in it."""
    after = replace(session, language=language)
    return _turn(after, language, Say(message="language.chosen"), _again(session))


def _choose_place(session: Session, place: str, language: str) -> Turn:
    """From now on with the counters of this place; what was read last is said again with them."""
    after = replace(session, place=place, misses=0)
    said = (
        Say(message="place.elsewhere")
        if place == ELSEWHERE
        else Say(message="place.chosen", place=place)
    )
    return _turn(after, language, said, _again(session))


def _again(session: Session) -> Effect:
    """What was read last, or the topics: a choice never ends in nothing."""
    return ShowAnswer(intent=session.answer) if session.answer else ShowTopics()


def _count(session: Session, intent: str, helpful: bool, language: str) -> Turn:
    said = Say(message="feedback.helpful" if helpful else "feedback.unhelpful")
    return _turn(session, language, CountFeedback(intent=intent, helpful=helpful), said)
