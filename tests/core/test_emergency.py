"""Danger to life comes before all else."""

from pathlib import Path

import pytest
import yaml

from bot.core.knowledge import Knowledge
from bot.core.matching.normal import normalise
from tests.conftest import Resident

CASES = [
    (intent, text)
    for intent, texts in yaml.safe_load(
        (Path(__file__).parent / "emergencies.yaml").read_text("utf-8")
    ).items()
    for text in texts
]


@pytest.mark.parametrize(("intent", "text"), CASES)
def test_emergencies_are_recognised_and_questions_are_not(
    intent: str, text: str, knowledge: Knowledge
) -> None:
    found = knowledge.matcher.emergencies.find(normalise(text))
    assert (found or "none") == intent


def test_the_number_stands_in_the_first_lines(resident: Resident) -> None:
    """119 before anything else that the answer says."""
    for text in ("he cannot breathe", "i want to die", "he drank bleach"):
        message = resident.say(text)
        first = "".join(span.text for span in message.paragraphs[1])
        assert "119" in first or "110" in first, message.text


def test_the_advice_line_of_the_place_follows(resident: Resident) -> None:
    resident.press("place:tokyo_hino")
    assert "042-521-2323" in resident.say("she is not breathing").text


def test_an_emergency_in_another_language_than_the_chosen_one_is_heard(resident: Resident) -> None:
    resident.press("language:ja")
    assert "119" in resident.say("he cannot breathe").text
