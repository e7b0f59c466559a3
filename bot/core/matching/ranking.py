"""From a message to the intents that it may mean, and to how sure the bot may be of it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from bot.core.matching.emergency import EmergencyPatterns
from bot.core.matching.language import LanguageDetector
from bot.core.matching.meaning import Meaning, Space, spaces_for
from bot.core.matching.model import Example, Learned, Matrix, Model, Scores, fit
from bot.core.matching.normal import (
    Aliases,
    normalise,
    phrase_pattern,
    pieces,
)
from bot.core.matching.spelling import Speller
from bot.core.shapes import Paper, Words

if TYPE_CHECKING:
    from bot.core.knowledge import Knowledge

Learn = Callable[[Sequence[Example]], Learned]
"""How a language's examples are learned: `fit`, or something that remembers what it found."""

Band = Literal["answer", "suggest", "miss"]

ANSWER_FROM = 0.7
"""Confidence from which an answer is given outright, unless another is as likely."""

NEAR_TIE = 0.06
"""Two scores nearer than this are a tie: the bot asks, however sure it is of the first.

By spelling alone, 52 % of the English test messages are answered outright with it, 1.4 % wrongly.
"""

SUGGEST_FROM = 0.25
"""Confidence from which the bot asks "did you mean ...?"; below, it says that it does not know."""

LONGEST_BROAD = 40
"""Letters; a longer message is no single word, whatever greetings stand around it."""

SURE_ELSEWHERE = 0.9
"""Confidence from which the model of another language is believed, where there is no meaning."""

FAINT = 0.15
"""A best score below this is noise, if no word of the message is known: nothing is offered."""

SHORTEST_QUESTION, MOST_QUESTIONS = 8, 2
"""Characters of a sentence that can be a question; more sentences are a story with one question."""

LONGEST_WHOLE = 600
"""So many characters of a message, the last ones, are compared as a whole."""

LONGEST_PART = 400
"""Characters of a sentence in normal form: a single sign may stand for eighteen letters."""

OFFERED = 3
"""So many candidates are offered."""

WEIGHT_OF_MEANING = 0.58
"""Of the third head, where it is there; the first two share the rest."""

SURE_WITHOUT_MEANING = 0.998
"""Confidence of the first two heads from which the third is not asked."""

RIVAL = 0.2
"""So much of the best other score is taken from an intent's score: what is left is its margin."""

STEEP, STEEP_OF_MEANING = 15.0, 7.0
"""Confidence is logistic in the margin, with this slope; meaning alone is right at less."""

SURE_MARGIN: Mapping[str, float] = {"en": 0.21, "ja": 0.12, "zh-Hans": 0.12}
SURE_MARGIN_WITH_MEANING: Mapping[str, float] = {"en": 0.32, "ja": 0.28, "zh-Hans": 0.31}
SURE_MARGIN_OF_MEANING: Mapping[str, float] = {"use+e5": 0.26, "use": 0.30, "e5": 0.16}
SURE_MARGIN_UNMEASURED, SURE_MARGIN_OF_MEANING_UNMEASURED = 0.29, 0.37
"""The margin whose confidence is `ANSWER_FROM`: by language; by space for languages without
examples; and for a language of which no messages are labelled. Set so that at most 1.5 % of the
messages of tests/matching/ are answered wrongly outright; `madoguchi evaluate --fit` finds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An intent that a message may mean; scores and nearest example are for `--explain`."""

    intent: str
    confidence: float
    score: float = 1.0
    ngrams: float = 1.0
    fuzzy: float = 1.0
    meaning: float | None = None
    nearest: str = ""


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


class Matcher:
    """The models of all languages, each built when it is first needed, or by `warm`."""

    def __init__(
        self,
        examples: Mapping[str, Mapping[str, Sequence[str]]],
        words: Mapping[str, Words],
        papers: Mapping[str, Paper],
        learn: Learn = fit,
    ) -> None:
        self.detector = LanguageDetector(words)
        self._learn = learn
        self.emergencies = EmergencyPatterns(words)
        self._examples = examples
        self._papers = papers
        self._models: dict[str, Model] = {}
        self.meanings: tuple[Meaning, ...] = ()
        self._lock = Lock()
        self._spellers: dict[tuple[str, str], Speller] = {}
        self._aliases = {tag: Aliases(_alias_groups(tag, words)) for tag in examples}
        self._filler = {tag: phrase_pattern(known.filler) for tag, known in words.items()}
        self._exact: dict[str, dict[str, str]] = {}
        self._broad = {
            tag: {normalise(word): topics for word, topics in known.broad.items()}
            for tag, known in words.items()
        }
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
                rows = self.rows(language)
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

    def candidates(self, text: str, language: str, heard: str | None) -> list[Candidate]:
        """The likeliest intents, the most likely first.

        `language` is the one whose model is asked; `heard` that of the message, if it is clear.
        A message in a language without a model is understood by its meaning alone.
        """
        serving = spaces_for(heard or language, self.meanings)
        if serving and heard is not None and heard not in self.languages:
            return self._by_meaning(text, serving)
        meaning = serving[0] if serving else None
        scores, found = self._by_spelling(text, language)
        sure = bool(found) and found[0].confidence >= SURE_WITHOUT_MEANING
        if meaning is None or not found or sure:
            return found
        likeness = meaning.likeness(self._mended(text, language, meaning.space))
        meant = meaning.score(likeness)
        spread = np.zeros((2, len(meaning.intents)), np.float32)
        places = np.searchsorted(meaning.intents, self.model(language).intents)
        spread[:, places] = scores.ngrams, scores.fuzzy
        spelled = _levelled(spread.mean(axis=0), meant)
        every = np.asarray(
            (1 - WEIGHT_OF_MEANING) * spelled + WEIGHT_OF_MEANING * meant, np.float32
        )
        return _candidates(
            meaning.intents,
            every,
            SURE_MARGIN_WITH_MEANING.get(language, SURE_MARGIN_OF_MEANING_UNMEASURED),
            lambda column, intent: {
                "ngrams": float(spread[0, column]),
                "fuzzy": float(spread[1, column]),
                "meaning": float(meant[column]),
                "nearest": meaning.nearest(likeness, intent),
            },
        )

    def _by_spelling(self, text: str, language: str) -> tuple[Scores, list[Candidate]]:
        """What the first two heads find; nothing for a message without a word that they know."""
        model = self.model(language)
        whole, sentences = self._parts(text, language)
        scores = model.score(whole, sentences)
        found = _candidates(
            model.intents,
            np.asarray((scores.ngrams + scores.fuzzy) / 2, np.float32),
            SURE_MARGIN.get(language, SURE_MARGIN_UNMEASURED),
            lambda column, intent: {
                "ngrams": float(scores.ngrams[column]),
                "fuzzy": float(scores.fuzzy[column]),
                "nearest": model.nearest(scores.similarity, intent),
            },
        )
        empty = whole.replace(" ", "").isdigit() or not whole
        strange = found[0].score < FAINT and not model.knows_a_word_of(whole)
        return scores, [] if empty or strange else found

    def _mended(self, text: str, language: str, space: Space) -> str:
        """A message without typing errors, as far as the space can tell one."""
        if space.usual is None:
            return text
        speller = self._spellers.get((language, space.name))
        if speller is None:
            speller = Speller(self.labelled([language]), space.usual)
            self._spellers[language, space.name] = speller
        return speller.mend(text[-space.longest :])

    def several(self, text: str, language: str) -> list[Candidate]:
        """The intents of a message whose sentences ask different things, each for itself sure."""
        sentences = [piece for piece in reversed(pieces(text)) if len(piece) >= SHORTEST_QUESTION]
        if not 1 < len(sentences) <= MOST_QUESTIONS:
            return []
        found: dict[str, Candidate] = {}
        for sentence in sentences:
            for best in self._by_spelling(sentence, language)[1][:1]:
                talk = best.intent.startswith("chat.") or is_outside(best.intent)
                if best.confidence >= ANSWER_FROM and not talk:
                    found.setdefault(best.intent, best)
        return list(found.values())

    def broad(self, normal: str, languages: Iterable[str]) -> tuple[str, ...]:
        """The topics of a message that is a single word of many meanings, greetings aside."""
        if len(normal) > LONGEST_BROAD:
            return ()
        for language in languages:
            topics = self._broad.get(language, {}).get(self._bare(normal, language))
            if topics:
                return topics
        return ()

    def _by_meaning(self, text: str, meanings: Sequence[Meaning]) -> list[Candidate]:
        """What the meaning alone says: the mean of all spaces that know the language."""
        likeness = [one.likeness(text) for one in meanings]
        intents = sorted({intent for one in meanings for intent in one.intents})
        found = np.zeros((len(meanings), len(intents)), np.float32)
        for row, one, like in zip(found, meanings, likeness, strict=True):
            row[np.searchsorted(intents, one.intents)] = one.score(like)
        scores = np.stack([_levelled(row, found[0]) for row in found]).mean(axis=0)
        names = "+".join(one.space.name for one in meanings)
        return _candidates(
            intents,
            scores,
            SURE_MARGIN_OF_MEANING.get(names, SURE_MARGIN_OF_MEANING_UNMEASURED),
            lambda column, intent: {
                "ngrams": 0.0,
                "fuzzy": 0.0,
                "meaning": float(scores[column]),
                "nearest": meanings[0].nearest(likeness[0], intent),
            },
            STEEP_OF_MEANING,
        )

    def _parts(self, text: str, language: str) -> tuple[str, list[str]]:
        """A message as a whole, and its sentences if it has several, without filler words."""
        parts = [self.prepare(piece, language)[:LONGEST_PART] for piece in pieces(text)]
        whole = " ".join(reversed(parts))[-LONGEST_WHOLE:].strip()
        bare = [self._bare(part, language) for part in parts] if len(parts) > 1 else []
        return whole, [part for part in bare if part]

    def labelled(self, languages: Iterable[str] | None) -> dict[str, str]:
        """Text -> intent: the examples of some languages (None: of all), as they were written."""
        known = self.languages if languages is None else languages
        return {
            text: intent
            for language in known
            if language in self._examples
            for text, intent in self._texts(language)
        }

    def _texts(self, language: str) -> list[tuple[str, str]]:
        """(text, intent): the examples of a language, and the titles of papers in every one."""
        own = self._examples[language].items()
        return [(text, intent) for intent, texts in own for text in texts] + [
            (text, paper.intent)
            for paper in self._papers.values()
            for text in (paper.title, *paper.also)
        ]

    def rows(self, language: str) -> list[Example]:
        """What the model of a language learns from: examples and titles of papers, once each."""
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


def _candidates(
    intents: Sequence[str],
    scores: Matrix,
    sure: float,
    details: Callable[[int, str], dict[str, Any]],
    steep: float = STEEP,
) -> list[Candidate]:
    """The intents with the best scores; `details` tells what each head found for one."""
    order = [int(column) for column in np.argsort(-scores)[: max(OFFERED, 2)]]
    first, second = float(scores[order[0]]), float(scores[order[1]]) if len(order) > 1 else 0.0
    return [
        Candidate(
            intent=intents[column],
            confidence=_confidence(
                float(scores[column]), second if place == 0 else first, sure, steep
            ),
            score=float(scores[column]),
            **details(column, intents[column]),
        )
        for place, column in enumerate(order[:OFFERED])
    ]


def _confidence(score: float, rival: float, sure: float, steep: float) -> float:
    """Logistic in the margin over the best other score; `ANSWER_FROM` at the margin `sure`."""
    above = score - RIVAL * max(rival, 0.0) - sure
    return 1 / (1 + math.exp(-steep * above) * (1 / ANSWER_FROM - 1))


def _levelled(scores: Matrix, like: Matrix) -> Matrix:
    """Scores of one head, those above zero, with the sum that another head's have.

    A head that likes many intents a little is as sure of its first as one that likes few a lot.
    """
    above = np.maximum(scores, 0)
    total = float(above.sum())
    factor = float(np.maximum(like, 0).sum()) / total if total else 1.0
    return np.asarray(above * factor, np.float32)


def _alias_groups(language: str, words: Mapping[str, Words]) -> Mapping[str, Sequence[str]]:
    known = words.get(language)
    return known.aliases if known else {}
