"""The models of all languages, and what each finds in a message."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Lock

import numpy as np

from bot.core.matching.confidence import (
    ANSWER_FROM,
    STEEP_OF_MEANING,
    SURE_MARGIN,
    SURE_MARGIN_OF_MEANING,
    SURE_MARGIN_OF_MEANING_UNMEASURED,
    SURE_MARGIN_UNMEASURED,
    SURE_MARGIN_WITH_MEANING,
    Candidate,
    best_candidates,
    levelled,
)
from bot.core.matching.emergency import EmergencyPatterns
from bot.core.matching.language import LanguageDetector
from bot.core.matching.meaning import Meaning, Space, spaces_for
from bot.core.matching.model import Example, Learned, Model, Scores, fit
from bot.core.matching.normal import Aliases, Phrases, normalise, pieces
from bot.core.matching.spelling import Speller
from bot.core.shapes import Paper, Words

Learn = Callable[[Sequence[Example]], Learned]
"""How a language's examples are learned: `fit`, or something that remembers what it found."""

LONGEST_BROAD = 40
"""Letters; a longer message is no single word, whatever greetings stand around it."""

FAINT = 0.15
"""A best score below this is noise, if no word of the message is known: nothing is offered."""

SHORTEST_QUESTION, MOST_QUESTIONS = 8, 2
"""Characters of a sentence that can be a question; more sentences are a story with one question."""

LONGEST_WHOLE = 600
"""So many characters of a message, the last ones, are compared as a whole."""

LONGEST_PART = 400
"""Characters of a sentence in normal form: a single sign may stand for eighteen letters."""

WEIGHT_OF_MEANING = 0.58
"""Of the third head, where it is there; the first two share the rest."""

SURE_WITHOUT_MEANING = 0.998
"""Confidence of the first two heads from which the third is not asked."""


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
        self._filler = {tag: Phrases(known.filler) for tag, known in words.items()}
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
        self._title = Phrases(paper.title for paper in papers.values())

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
        return self._spelled.get(normal) or self._spelled.get(self._title.first_in(normal) or "")

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
        spelled = levelled(spread.mean(axis=0), meant)
        every = np.asarray(
            (1 - WEIGHT_OF_MEANING) * spelled + WEIGHT_OF_MEANING * meant, np.float32
        )
        return best_candidates(
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
        found = best_candidates(
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
            best = next(iter(self._by_spelling(sentence, language)[1]), None)
            if best is None or best.confidence < ANSWER_FROM:
                return []
            if best.intent.startswith("chat.") or is_outside(best.intent):
                return []
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
        scores = np.stack([levelled(row, found[0]) for row in found]).mean(axis=0)
        names = "+".join(one.space.name for one in meanings)
        return best_candidates(
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
        parts = [self._named(normalise(piece)[:LONGEST_PART], language) for piece in pieces(text)]
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
        return " ".join(filler.exchanged(normal, lambda _: " ").split()) if filler else normal


def is_outside(intent: str) -> bool:
    """Whether an intent is a neighbouring subject, which the bot knows only to point elsewhere."""
    return intent.startswith("outside.")


def _alias_groups(language: str, words: Mapping[str, Words]) -> Mapping[str, Sequence[str]]:
    known = words.get(language)
    return known.aliases if known else {}
