"""The third head, with an encoder that can be looked through: letters counted."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from bot.core.matching import Matcher
from bot.core.matching.meaning import Meaning, Space, fit_meaning, spaces_for
from bot.core.matching.model import Matrix
from bot.core.shapes import LanguageMarks, Words

EXAMPLES = {
    "join": ["how to join", "i want to join now", "join please"],
    "pay": ["what is the price", "the price of a card", "price"],
}


class Letters:
    """Counts letters; refuses what a real encoder would refuse."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.seen += texts
        counts = [[text.encode("utf-8").count(letter) + 0.01 for letter in range(97, 123)]
                  for text in texts]  # fmt: skip
        vectors = np.array(counts, np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def meaning(
    name: str,
    languages: frozenset[str] | None,
    longest: int = 400,
    usual: Callable[[str], float] | None = None,
) -> Meaning:
    space = Space(
        name=name,
        encoder=Letters(),
        bend=1.5,
        ridge=0.04,
        usual=usual,
        languages=languages,
        longest=longest,
    )
    texts = [text for listed in EXAMPLES.values() for text in listed]
    intents = [intent for intent, listed in EXAMPLES.items() for _ in listed]
    learned = fit_meaning(space, space.encoder.embed([space.read(one) for one in texts]), intents)
    return Meaning(space, texts, intents, learned)


def test_an_example_means_its_intent_and_is_its_own_nearest() -> None:
    head = meaning("use", None)
    likeness = head.likeness("the price of a card")
    scores = head.score(likeness)
    assert head.intents[int(scores.argmax())] == "pay"
    assert head.nearest(likeness, "pay") == "the price of a card"


@pytest.mark.parametrize("text", ["how \ud800 to join", "\ufdfa" * 900, "", "join " * 500])
def test_any_message_can_be_encoded_and_only_its_end_is(text: str) -> None:
    head = meaning("use", None, longest=40)
    assert np.isfinite(head.score(head.likeness(text))).all()
    encoder = head.space.encoder
    assert isinstance(encoder, Letters)
    assert len(encoder.seen[-1]) <= 40


@pytest.mark.parametrize("text", ["how to join???", "HOW TO JOIN!", "ｈｏｗ ｔｏ ｊｏｉｎ"])
def test_punctuation_shouting_and_width_do_not_move_a_message(text: str) -> None:
    head = meaning("use", None)
    assert (head.likeness(text) == head.likeness("how to join")).all()


def test_of_what_only_repeats_itself_little_is_encoded() -> None:
    space = meaning("use", None).space
    assert len(space.read("督促" * 2048)) == 20
    story = "i moved here in april and the city sent me a bill for last year, do i have to pay it"
    assert space.read(story) == story


def test_typing_errors_are_mended_before_a_message_is_encoded() -> None:
    head = meaning("use", None, usual=lambda word: -9.0 if word in ("what", "the") else -20.0)
    matcher = Matcher({"en": EXAMPLES}, {}, {})
    matcher.meanings = (head,)
    (best, *_) = matcher.candidates("so waht is teh price", "en", "en")
    assert best.intent == "pay"
    encoder = head.space.encoder
    assert isinstance(encoder, Letters)
    assert encoder.seen[-1] == "so what is the price"


def test_a_language_is_served_by_its_own_space_first_and_by_the_one_for_all() -> None:
    own, every = meaning("use", frozenset({"ko"})), meaning("e5", None)
    assert spaces_for("ko", [every, own]) == [own, every]
    assert spaces_for("vi", [every, own]) == [every]
    assert spaces_for(None, [own]) == []


def test_a_message_in_a_language_without_examples_is_understood_by_meaning_alone() -> None:
    words = {"vi": Words(language_marks=LanguageMarks(words=("tien", "xin")))}
    matcher = Matcher({"en": EXAMPLES}, words, {})
    matcher.meanings = (meaning("e5", None),)
    (best, *_) = matcher.candidates("xin tien price", "en", "vi")
    assert best.intent == "pay"
    assert best.ngrams == 0.0
    assert best.meaning is not None
    (spelled, *_) = matcher.candidates("price", "en", "en")
    assert spelled.ngrams > 0
