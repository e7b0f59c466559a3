"""Which option a typed text names."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.dialogs.typed import LONGEST_ANSWER, answer_form, choice, choices, levelled

WORK = {
    "employed": ("社員として働いている", "Working for a company", "会社で働いている"),
    "self": ("自営業", "Self-employed or freelance", "自営業"),
    "student": ("学生", "Student", "学生"),
    "none": ("働いていない", "Not working", "働いていない"),
}
YES_NO = {
    "yes": ("Sí", "Yes", "はい", "yes", "yeah", "si", "vâng", "ใช่", "हो"),
    "no": ("No", "No", "いいえ", "no", "nope", "không", "ไม่ใช่", "होइन"),
}
SIZES = {"alone": ("1",), "few": ("2 to 3 people",), "many": ("4人以上", "4 people or more")}
TAIL = {"a": ("Student",), "b": ("Unemployed",), "c": ("加入しています",), "d": ("わからない",)}


@pytest.mark.parametrize(
    ("typed", "labels", "option"),
    [
        ("Student", WORK, "student"),
        ("  STUDENT. ", WORK, "student"),
        ("学生", WORK, "student"),
        ("3", WORK, "student"),
        ("３", WORK, "student"),
        ("③", WORK, "student"),
        ("3️⃣", WORK, "student"),
        ("3.", WORK, "student"),
        ("(3)", WORK, "student"),
        ("3番", WORK, "student"),
        ("३", WORK, "student"),
        ("5", WORK, None),
        ("0", WORK, None),
        ("freelance", WORK, "self"),
        ("self employed", WORK, "self"),
        ("company", WORK, "employed"),
        ("I am a student", WORK, "student"),
        ("学生です", WORK, "student"),
        ("studnet", WORK, "student"),
        ("studnt", WORK, "student"),
        ("not working", WORK, "none"),
        ("working", WORK, "employed"),
        ("not a student", WORK, None),
        ("働いていない", WORK, "none"),
        ("student?", WORK, None),
        ("学生？", WORK, None),
        ("what is freelance", WORK, None),
        ("学生とは", WORK, None),
        ("what does self-employed mean for my insurance", WORK, None),
        ("", WORK, None),
        ("🙏", WORK, None),
        ("a", WORK, None),
        ("yes", YES_NO, "yes"),
        ("YES!", YES_NO, "yes"),
        ("sí", YES_NO, "yes"),
        ("はい", YES_NO, "yes"),
        ("はいそうです", YES_NO, "yes"),
        ("yes please", YES_NO, "yes"),
        ("yes I do", YES_NO, "yes"),
        ("ไม่ใช่", YES_NO, "no"),
        ("ใช่", YES_NO, "yes"),
        ("होइन", YES_NO, "no"),
        ("không", YES_NO, "no"),
        ("No, I have no income", YES_NO, None),
        ("I have no card", YES_NO, None),
        ("No, I don't know", YES_NO, None),
        ("yes, but later", YES_NO, None),
        ("1", YES_NO, "yes"),
        ("1", SIZES, "alone"),
        ("2", SIZES, "few"),
        ("3", SIZES, "few"),
        ("4", SIZES, "many"),
        ("5", SIZES, None),
        ("employed", TAIL, None),
        ("加入していません", TAIL, None),
        ("加入している", TAIL, None),
        ("unemployd", TAIL, "b"),
    ],
)
def test_an_option_is_named(
    typed: str, labels: dict[str, tuple[str, ...]], option: str | None
) -> None:
    """By label, number or part of a label; a question is never swallowed, nor a negation."""
    assert choice(typed, labels) == option


def test_nothing_is_chosen_among_equals() -> None:
    """Two options that fit alike are none."""
    labels = {"old": ("Old card",), "new": ("New card",)}
    assert choice("card", labels) is None
    assert choice("any", {}) is None


def test_a_label_may_end_in_a_question_mark() -> None:
    assert choice("What is that?", {"what": ("What is that?",), "go": ("Go on",)}) == "what"


def test_a_long_label_may_be_copied() -> None:
    label = "I was enrolled in the health insurance of my company until the end of last month"
    assert choice(label, {"company": (label,), "none": ("None",)}) == "company"


def test_accents_tell_two_words_apart() -> None:
    labels = {"done": ("đã",), "stone": ("đá",)}
    assert choice("đã", labels) == "done"
    assert choice("đá", labels) == "stone"
    assert choice("da", labels) is None


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("student", ("student",)),
        ("student, freelance", ("self", "student")),
        ("学生、自営業", ("self", "student")),
        ("student and freelance", ("self", "student")),
        ("学生と自営業", ("self", "student")),
        ("student\nfreelance", ("self", "student")),
        ("1 3", ("employed", "student")),
        ("1,3", ("employed", "student")),
        ("3、1", ("employed", "student")),
        ("①③", ("employed", "student")),
        ("1️⃣3️⃣", ("employed", "student")),
        ("1 and 3", ("employed", "student")),
        ("3 3", ("student",)),
        ("1 9", None),
        ("13", None),
        ("student, rent", None),
        ("student, freelance?", None),
        ("I am a student, can I pay later", None),
        ("", None),
        (",", None),
    ],
)
def test_several_options_are_named(typed: str, options: tuple[str, ...] | None) -> None:
    """In whatever order; a part that is no option spoils the list."""
    assert choices(typed, WORK) == options


def test_a_label_with_a_comma_or_an_and_is_one_option() -> None:
    labels = {"both": ("Husband and wife",), "all": ("Parents, children",), "one": ("Myself",)}
    assert choices("husband and wife", labels) == ("both",)
    assert choices("parents, children", labels) == ("all",)
    assert choices("husband and wife, myself", labels) == ("both", "one")


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("  About ３ 人です。", "3 人"),
        ("約30万円くらい", "30万円"),
        ("khoảng 30", "30"),
        ("၁၂", "12"),
        ("10²", "10 2"),
        ("Aboutness", "aboutness"),
        ("x" * (LONGEST_ANSWER + 1), None),
        ("\ufdfa" * LONGEST_ANSWER, None),
        (" \n", None),
    ],
)
def test_the_form_of_an_answer(typed: str, form: str | None) -> None:
    """Digits of any script become ours; "about" and polite endings go; long texts are none."""
    assert answer_form(typed) == form


@given(st.text(st.characters(codec=None)))
def test_any_text_may_be_typed(text: str) -> None:
    """Lone surrogates, too; and levelling twice changes nothing that is compared."""
    levelled(text)
    assert choice(text, WORK) in (None, *WORK)
    chosen = choices(text, WORK)
    assert chosen is None or (chosen and set(chosen) <= set(WORK))


@pytest.mark.parametrize(
    "text",
    ["1, " * 1365, "不" * 4096, "\ufdfa" * 4096, "a" * 200, "1," * 100, "\ud800" * 64, "和" * 64],
)
def test_long_texts_are_read_quickly(text: str) -> None:
    started = time.perf_counter()
    choice(text, WORK)
    choices(text, WORK)
    assert time.perf_counter() - started < 0.05
