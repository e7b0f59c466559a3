"""From a message to the intents that it may mean, and to how sure the bot may be of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.core.matching.confidence import ANSWER_FROM, NEAR_TIE, OFFERED, Candidate
from bot.core.matching.matcher import is_outside
from bot.core.matching.normal import normalise

if TYPE_CHECKING:
    from bot.core.knowledge import Knowledge

Band = Literal["answer", "suggest", "miss"]

SUGGEST_FROM = 0.25
"""Confidence from which the bot asks "did you mean ...?"; below, it says that it does not know."""

SURE_ELSEWHERE = 0.9
"""Confidence from which the model of another language is believed, where there is no meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What was understood: the language of the message, the band, the best candidates first.

    `several`: the message asks more than one thing, and the first candidates are those.
    """

    language: str
    detected: str | None
    band: Band
    candidates: tuple[Candidate, ...]
    several: bool = False

    @property
    def intent(self) -> str | None:
        """The intent, where the bot may answer outright."""
        return self.candidates[0].intent if self.band == "answer" else None


def rank(text: str, language: str, knowledge: "Knowledge", *, runners_up: bool = True) -> Ranking:
    """What a message may mean; `language` is the resident's own, used where it is not clear.

    Without `runners_up` a message that is sure at once is not compared with anything else.
    Danger to life comes before all else. An example to the letter is sure. Otherwise the model of
    the message's language decides; if it does not know, the other languages are asked, and the
    most confident one counts.
    """
    matcher = knowledge.matcher
    detected = matcher.detector.detect(text)
    spoken = (detected, language, knowledge.default_language, *matcher.languages)
    own = next((tag for tag in spoken if tag in matcher.languages), None)
    if own is None:
        return Ranking(language=language, detected=detected, band="miss", candidates=())
    others = [tag for tag in matcher.languages if tag != own]
    normal = normalise(text)
    exact = matcher.emergencies.find(normal) or matcher.exact(
        normal, [own] if detected else [own, *others]
    )
    if exact is not None:
        others_too = matcher.candidates(text, own, detected) if runners_up else []
        rest = [one for one in others_too if one.intent != exact]
        sure = Candidate(intent=exact, confidence=1.0, nearest=text)
        return _ranking(own, detected, [sure, *rest], exact=True)
    best, candidates = own, matcher.candidates(text, own, detected)
    lost = detected is None and not _reaches(candidates, SUGGEST_FROM)
    if lost and not matcher.meanings:
        for other in others:
            found = matcher.candidates(text, other, other)
            if _reaches(found, SURE_ELSEWHERE) and not _reaches(candidates, found[0].confidence):
                best, candidates = other, found
    paper = matcher.paper(normal)
    titled = knowledge.papers[paper].intent if paper else None
    if titled and titled not in [candidate.intent for candidate in candidates]:
        named = Candidate(intent=titled, confidence=SUGGEST_FROM, score=0.0, nearest=text)
        candidates = sorted([*candidates[: OFFERED - 1], named], key=lambda one: -one.confidence)
    ranking = _ranking(detected or best, detected, candidates)
    asks_twice = text.count("?") + text.count("？") > 1
    several = matcher.several(text, own) if ranking.intent is None or asks_twice else []
    if len(several) > 1:
        asked = sorted(several, key=lambda one: one.intent != candidates[0].intent)
        return Ranking(
            language=detected or best,
            detected=detected,
            band="suggest",
            candidates=tuple(asked[:OFFERED]),
            several=True,
        )
    return ranking


def _ranking(
    language: str, detected: str | None, candidates: Sequence[Candidate], *, exact: bool = False
) -> Ranking:
    top = tuple(replace(one, confidence=round(one.confidence, 4)) for one in candidates[:OFFERED])
    band: Band = "miss"
    if _reaches(top, SUGGEST_FROM):
        tied = len(top) > 1 and top[0].score - top[1].score < NEAR_TIE and not exact
        sure = _reaches(top, ANSWER_FROM) and not tied and not is_outside(top[0].intent)
        band = "answer" if sure else "suggest"
    return Ranking(language=language, detected=detected, band=band, candidates=top)


def _reaches(candidates: Sequence[Candidate], confidence: float) -> bool:
    return bool(candidates) and candidates[0].confidence >= confidence
