"""How well messages are understood that other hands wrote than the examples. Floors only rise."""

from dataclasses import dataclass

import pytest

from bot.core.knowledge import Knowledge
from bot.core.matching import rank
from bot.evaluation import judge, read_labelled
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
    "en": Floors(0.77, 0.90, 0.45, 0.015, 0.02),
    "ja": Floors(0.86, 0.95, 0.53, 0.01, 0.03),
    "zh-Hans": Floors(0.86, 0.95, 0.55, 0.02, 0.02),
}


@pytest.mark.parametrize("language", FLOORS)
def test_understanding_does_not_fall(language: str, knowledge: Knowledge) -> None:
    judged = judge(read_labelled(FOLDER / f"{language}.jsonl", knowledge), knowledge)
    asked = [one for one in judged if one.labelled.in_scope]
    outside = [one for one in judged if not one.labelled.in_scope]
    assert len(asked) >= 150
    assert len(outside) >= 60
    floors = FLOORS[language]
    assert sum(one.place == 1 for one in asked) / len(asked) >= floors.first
    assert sum(one.place is not None for one in asked) / len(asked) >= floors.three
    assert sum(one.ranking.intent is not None for one in asked) / len(asked) >= floors.outright
    assert sum(one.wrong_outright for one in asked) / len(asked) <= floors.wrong_outright
    answered = sum(one.wrong_outright for one in outside) / len(outside)
    assert answered <= floors.outside_answered


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
