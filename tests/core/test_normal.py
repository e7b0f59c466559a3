"""The written form in which texts are compared."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.matching.normal import (
    LONGEST_PIECE,
    MOST_PIECES,
    Aliases,
    Phrases,
    normalise,
    pieces,
)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Can't  PAY!!", "cant pay"),
        ("ｋｏｋｕｈｏ　１２３", "kokuho 123"),
        ("カクニンショ", "かくにんしょ"),
        ("bảo hiểm đâu", "bao hiem dau"),
        ("स्वास्थ्य बीमा", "स्वास्थ्य बीमा"),
        ("กี่บาท", "กี่บาท"),
        ("ကျန်းမာရေး", "ကျန်းမာရေး"),
        ("zero\u200bwidth\ufe0f", "zerowidth"),
        ("\ud83d broken", "broken"),
        ("🙏🙏", ""),
        ("いきを していません", "いきをしていません"),
    ],
)
def test_one_form_for_many_ways_of_typing(typed: str, normal: str) -> None:
    """Case, width, kana, accents and apostrophes are levelled; vowel signs are never dropped."""
    assert normalise(typed) == normal


@given(st.text())
def test_the_form_is_stable(text: str) -> None:
    """What is in normal form stays as it is."""
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


@given(st.text())
def test_pieces_are_few_and_short(text: str) -> None:
    found = pieces(text)
    assert len(found) <= MOST_PIECES
    assert all(len(piece) <= LONGEST_PIECE for piece in found)


def test_the_question_that_stands_last_comes_first() -> None:
    assert pieces("I moved. I have a baby! What now?") == [
        "What now?",
        "I have a baby!",
        "I moved.",
    ]


@pytest.mark.parametrize(
    "hostile",
    ["a" + "\u0301" * 4095, "\ufdfa" * 4096, " " * 10_000, "\u202e" * 4096, "a " * 2048, "๎" * 4096],
)
def test_odd_input_costs_little(hostile: str) -> None:
    """Under 50 ms of CPU for the longest and strangest message."""
    before = time.process_time()
    for piece in pieces(hostile):
        normalise(piece)
    normalise(hostile)
    assert time.process_time() - before < 0.05


def test_marks_are_cut_not_kept_in_thousands() -> None:
    assert len(normalise("e" + "\u0e48" * 1000)) <= 4
    assert unicodedata.is_normalized("NFC", normalise("Việt Nam"))


def test_aliases_are_whole_words_and_the_longest_first() -> None:
    """A short name inside a longer one, or inside another word, is left alone."""
    aliases = Aliases({"nhi": ["kokuho", "国保"], "kyosai": ["kokuho kumiai"]})
    assert aliases.apply(normalise("Kokuho?")) == "nhi"
    assert aliases.apply(normalise("kokuho-kumiai")) == "kyosai"
    assert aliases.apply(normalise("kokuhony")) == "kokuhony"
    assert aliases.apply(normalise("国保は")) == "nhi は"


def test_no_phrases_find_nothing() -> None:
    for phrases in (Phrases([]), Phrases(["..."])):
        assert phrases.all_in("anything 国保") == []
        assert phrases.first_in("anything 国保") is None
        assert phrases.exchanged("anything 国保", str.upper) == "anything 国保"


def test_phrases_are_found_as_whole_words_in_any_script_beside_them() -> None:
    phrases = Phrases(["lost", "lost card", "card", "紛失"])
    assert phrases.all_in("i lost my card") == ["lost", "card"]
    assert phrases.all_in("my lost card 紛失届") == ["lost card", "紛失"]
    assert phrases.all_in("cards lostness") == []
    assert phrases.first_in("is it lost") == "lost"
    assert phrases.exchanged("lost card é", lambda phrase: f"<{phrase}>") == "<lost card> é"


@given(
    st.lists(st.sampled_from(["ab", "ba", "a", "b", "bb", "c", "é", "国保", "1", "."]), max_size=12)
)
def test_a_look_at_the_words_never_passes_a_phrase_by(words: list[str]) -> None:
    """In a text of ASCII the same is found as beside a letter of another script."""
    phrases = Phrases(["a b", "ab", "b", "bb c", "1"])
    normal = normalise(" ".join(words))
    assert phrases.all_in(normal) == phrases.all_in(f"{normal} ж")
