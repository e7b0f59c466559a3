"""Typing errors, with a dictionary of ten words and a language model that is a table."""

import pytest

from bot.core.matching.spelling import Speller

USUAL = {"the": -5.0, "mailing": -14.0, "sailing": -13.0, "premium": -12.0, "insurance": -11.0,
         "pay": -8.0, "now": -7.0, "is": -5.0, "late": -10.0, "what": -7.0}  # fmt: skip
"""Log probabilities; of any other word it is -25."""

SPELLER = Speller(
    ["What is the premium?", "pay the INSURANCE late", "mailing now"],
    lambda word: USUAL.get(word, -25.0),
)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("teh premium", "the premium"),
        ("Waht is the insurence", "what is the insurance"),
        ("pay nwo", "pay now"),
        ("premiums", "premium"),
        ("isurannce", "insurance"),  # two letters of a long word
        ("laet", "late"),
        ("sailing", "sailing"),  # a word as usual as the one of the examples
        ("prm", "prm"),  # too far from everything
        ("iz", "iz"),  # too short to tell
        ("督促状 の premum", "督促状 の premium"),
        ("नमस्ते", "नमस्ते"),
        ("", ""),
    ],
)
def test_a_word_is_mended_where_that_is_likelier(typed: str, mended: str) -> None:
    assert SPELLER.mend(typed) == mended


def test_what_is_known_keeps_its_capitals() -> None:
    assert SPELLER.mend("PAY THE PREMIUM, pleese") == "PAY THE PREMIUM, pleese"
