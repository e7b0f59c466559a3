"""From a message to the intents that it may mean, and to how sure the bot may be of it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from bot.core.matching.emergency import EmergencyPatterns
from bot.core.matching.language import detect_language
from bot.core.matching.model import Example, Learned, Matrix, Model, fit
from bot.core.matching.normal import (
    Aliases,
    normalise,
    phrase_pattern,
    pieces,
)
from bot.core.shapes import Paper, Words

if TYPE_CHECKING:
    from bot.core.knowledge import Knowledge

Learn = Callable[[Sequence[Example]], Learned]
"""How a language's examples are learned: `fit`, or something that remembers what it found."""

Band = Literal["answer", "suggest", "miss"]

ANSWER_FROM = 0.7
"""Confidence from which an answer is given outright, unless another is as likely."""

NEAR_TIE = 0.09
"""Two scores nearer than this are a tie: the bot asks, however sure it is of the first.

With both, 47 % of the English test messages are answered outright and 1 % wrongly.
"""

SUGGEST_FROM = 0.25
"""Confidence from which the bot asks "did you mean ...?"; below, it says that it does not know."""

LONGEST_WHOLE = 600
"""So many characters of a message, the last ones, are compared as a whole."""

OFFERED = 3
"""So many candidates are offered."""

CALIBRATION = (-1.48, 12.67, -3.30)
"""Intercept, weight of the intent's score, weight of the best other score.

Fitted by `madoguchi evaluate --fit` on the labelled messages of tests/matching/.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An intent that a message may mean; scores and nearest example are for `--explain`."""

    intent: str
    confidence: float
    score: float = 1.0
    ngrams: float = 1.0
    fuzzy: float = 1.0
    nearest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What was understood: the language of the message, the band, the best candidates first."""

    language: str
    detected: str | None
    band: Band
    candidates: tuple[Candidate, ...]

    @property
    def intent(self) -> str | None:
        """The intent, where the bot may answer outright."""
        return self.candidates[0].intent if self.band == "answer" else None


class Matcher:
    """The models of all languages, each built when it is first needed, or by `warm`."""

    def __init__(
        self,
        examples: Mapping[str, Mapping[str, Sequence[str]]],
        words: Mapping[str, Words],
        papers: Mapping[str, Paper],
        learn: Learn = fit,
    ) -> None:
        self.words = words
        self._learn = learn
        self.emergencies = EmergencyPatterns(words)
        self._examples = examples
        self._papers = papers
        self._models: dict[str, Model] = {}
        self._lock = Lock()
        self._aliases = {tag: Aliases(_alias_groups(tag, words)) for tag in examples}
        self._filler = {tag: phrase_pattern(known.filler) for tag, known in words.items()}
        self._exact: dict[str, dict[str, str]] = {}
        self._spelled = {
            normalise(text): name
            for name, paper in papers.items()
            for text in (paper.title, *paper.also)
        }
        self._title = phrase_pattern(paper.title for paper in papers.values())

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which there are examples."""
        return tuple(self._examples)

    def model(self, language: str) -> Model:
        """The model of a language with examples; built once, whoever asks first."""
        with self._lock:
            if language not in self._models:
                rows = self._rows(language)
                self._models[language] = Model(rows, self._learn(rows))
            return self._models[language]

    def warm(self) -> None:
        """Build all models now, so that no resident waits for it."""
        for language in self.languages:
            self.model(language)
            self._exact_of(language)

    def prepare(self, text: str, language: str) -> str:
        """A message as the models compare it: normal form, aliases written as one name."""
        return self._named(normalise(text), language)

    def _named(self, normal: str, language: str) -> str:
        aliases = self._aliases.get(language)
        return aliases.apply(normal) if aliases else normal

    def exact(self, normal: str, languages: Iterable[str]) -> str | None:
        """The intent of a message that is an example to the letter, filler words aside."""
        for language in languages:
            found = self._exact_of(language).get(self._core(normal, language))
            if found:
                return found
        return None

    def paper(self, normal: str) -> str | None:
        """The id of the letter or certificate that a message is, or whose title stands in it."""
        found = self._title.search(normal) if self._title else None
        return self._spelled.get(normal) or (self._spelled[found[0]] if found else None)

    def candidates(self, text: str, language: str) -> list[Candidate]:
        """The likeliest intents by one language's model, the most likely first."""
        model = self.model(language)
        parts = [self.prepare(piece, language) for piece in pieces(text)]
        whole = " ".join(reversed(parts))[-LONGEST_WHOLE:].strip()
        if not whole or whole.replace(" ", "").isdigit():
            return []
        bare = [self._bare(part, language) for part in parts] if len(parts) > 1 else []
        scores = model.score(whole, [part for part in bare if part])
        both: Matrix = np.asarray((scores.ngrams + scores.fuzzy) / 2, np.float32)
        order = np.argsort(-both)
        return [
            Candidate(
                intent=model.intents[index],
                confidence=_confidence(both, order, int(index)),
                score=float(both[index]),
                ngrams=float(scores.ngrams[index]),
                fuzzy=float(scores.fuzzy[index]),
                nearest=model.nearest(scores.similarity, model.intents[index]),
            )
            for index in order[:OFFERED]
        ]

    def _texts(self, language: str) -> list[tuple[str, str]]:
        """(text, intent): the examples of a language, and the titles of papers in every one."""
        own = self._examples[language].items()
        return [(text, intent) for intent, texts in own for text in texts] + [
            (text, paper.intent)
            for paper in self._papers.values()
            for text in (paper.title, *paper.also)
        ]

    def _rows(self, language: str) -> list[Example]:
        rows = {
            (self.prepare(text, language), intent): text for text, intent in self._texts(language)
        }
        return [
            Example(text=text, normal=normal, intent=intent)
            for (normal, intent), text in rows.items()
            if normal
        ]

    def _exact_of(self, language: str) -> dict[str, str]:
        """Every example of a language as it is compared -> its intent; made when first needed."""
        if language not in self._exact:
            self._exact[language] = {
                self._core(normalise(text), language): intent
                for text, intent in self._texts(language)
            }
        return self._exact[language]

    def _core(self, normal: str, language: str) -> str:
        """What is compared for exactness: a mere greeting stays what it is."""
        named = self._named(normal, language)
        return self._bare(named, language) or named

    def _bare(self, normal: str, language: str) -> str:
        """Without the words that carry no meaning; empty for a mere greeting."""
        filler = self._filler.get(language)
        return " ".join(filler.sub(" ", normal).split()) if filler else normal


def rank(text: str, language: str, knowledge: "Knowledge", *, runners_up: bool = True) -> Ranking:
    """What a message may mean; `language` is the resident's own, used where it is not clear.

    Without `runners_up` a message that is sure at once is not compared with anything else.
    Danger to life comes before all else. An example to the letter is sure. Otherwise the model of
    the message's language decides; if it does not know, the other languages are asked, and the
    most confident one counts.
    """
    matcher = knowledge.matcher
    detected = detect_language(text, matcher.words)
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
        others_too = matcher.candidates(text, own) if runners_up else []
        rest = [one for one in others_too if one.intent != exact]
        sure = Candidate(intent=exact, confidence=1.0, nearest=text)
        return _ranking(own, detected, [sure, *rest], exact=True)
    best, candidates = own, matcher.candidates(text, own)
    if not _reaches(candidates, SUGGEST_FROM):
        for other in others:
            found = matcher.candidates(text, other)
            if found and found[0].confidence > max(candidates[0].confidence, SUGGEST_FROM):
                best, candidates = other, found
    paper = matcher.paper(normal)
    titled = knowledge.papers[paper].intent if paper else None
    if titled and titled not in [candidate.intent for candidate in candidates]:
        named = Candidate(intent=titled, confidence=SUGGEST_FROM, score=0.0, nearest=text)
        candidates = sorted([*candidates[: OFFERED - 1], named], key=lambda one: -one.confidence)
    return _ranking(detected or best, detected, candidates)


def is_outside(intent: str) -> bool:
    """Whether an intent is a neighbouring subject, which the bot knows only to point elsewhere."""
    return intent.startswith("outside.")


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


def _confidence(scores: Matrix, order: NDArray[np.intp], index: int) -> float:
    """Logistic in the intent's score and the best score of another: a near tie is never sure."""
    rival = order[1] if index == order[0] and len(order) > 1 else order[0]
    intercept, own, other = CALIBRATION
    rest = max(float(scores[int(rival)]), 0.0) if int(rival) != index else 0.0
    return 1 / (1 + math.exp(-(intercept + own * float(scores[index]) + other * rest)))


def _alias_groups(language: str, words: Mapping[str, Words]) -> Mapping[str, Sequence[str]]:
    known = words.get(language)
    return known.aliases if known else {}
