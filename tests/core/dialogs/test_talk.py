"""Conversations with a dialog: every way to answer, and every way to move."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.dialogs.shapes import Question
from bot.core.knowledge import Knowledge
from bot.core.message import Message
from tests.conftest import Resident, payloads
from tests.core.dialogs.conftest import EVERYTHING


@pytest.fixture
def resident(everything: Knowledge) -> Resident:
    return Resident(everything, hint="en")


def press(resident: Resident, choice: str) -> Message:
    """A button of the dialog's current step."""
    assert resident.session.run is not None
    return resident.press(f"now:{resident.session.run.step}:{choice}")


def walk(resident: Resident, *answers: str) -> Message:
    message = resident.press("dialog:everything")
    for answer in answers:
        message = resident.say(answer)
    return message


TO_PEOPLE = ("1", "34", "yesterday", "2027-03", "30万", "none of these", "Hino City")


def test_every_type_of_answer_may_be_typed(resident: Resident) -> None:
    assert "Where do you work?" in walk(resident).text
    assert "How old are you?" in resident.say("in a firm").text
    assert "Since when?" in resident.say("３４歳").text
    assert "✓ Since: 20 November 2026" in resident.say("yesterday").text
    assert "How much?" in resident.say("R9.3").text
    assert "✓ Pay: 300,000 yen" in resident.say("30万円").text
    press(resident, ".done")
    assert "How many people?" in resident.say("ひの").text
    assert "Person 1 of 2 (you)" in resident.say("2 people").text
    assert "Does this person work?" in resident.say("1990-05-01").text
    assert "How much a year?" in resident.say("はい").text
    assert "Person 2 of 2" in resident.say("3,000,000").text
    resident.say("4")
    assert "All told" in resident.say("no").text
    assert resident.session.place == "tokyo_hino"


def test_buttons_are_as_good_and_count_once(resident: Resident) -> None:
    first = walk(resident)
    stale = payloads(first)[0]
    assert "How old are you?" in resident.press(stale).text
    again = resident.press(stale)
    assert resident.reply is not None
    assert "no longer" in resident.reply.messages[0].text
    assert "How old are you?" in again.text


def test_an_ambiguous_date_is_asked_back(resident: Resident) -> None:
    walk(resident, "1", "34")
    asked = resident.say("03/04/2026")
    assert "different days" in asked.text
    chosen = [one for row in asked.buttons for one in row][:2]
    assert {one.label for one in chosen} == {"3 April 2026", "4 March 2026"}
    assert (
        "✓ Since: 3 April 2026"
        in resident.press(next(one.payload for one in chosen if one.label == "3 April 2026")).text
    )


def test_back_skip_why_and_stop(resident: Resident) -> None:
    walk(resident, "1", "34")
    assert "How old are you?" in press(resident, ".back").text
    assert "Where do you work?" in press(resident, ".back").text
    assert "It decides your insurance." in press(resident, ".why").text
    resident.say("1")
    for answer in ("34", "today", "2027-03"):
        resident.say(answer)
    assert "✓ Pay: skipped" in press(resident, ".skip").text
    assert "cancel" in press(resident, ".stop").text.lower() or resident.session.run is None


def test_what_is_no_answer_gets_the_question_s_own_message(resident: Resident) -> None:
    asked = walk(resident, "1", "34", "blue")
    assert "I did not understand this date" in asked.text
    assert "Since when?" in asked.text
    late = resident.say("2027-01-01")
    assert "I did not understand this date" in late.text


def test_a_question_in_between_is_answered_and_the_dialog_goes_on(resident: Resident) -> None:
    walk(resident, "1")
    asked = resident.say("what is kokuho?")
    assert resident.reply is not None
    assert resident.reply.messages[0].intent == "nhi.about"
    assert "How old are you?" in asked.text
    assert "Since when?" in resident.say("34").text


def test_danger_and_the_wish_for_a_person_come_before_an_answer(resident: Resident) -> None:
    walk(resident, "1", "34")
    resident.say("I cannot breathe")
    assert resident.reply is not None
    assert resident.reply.messages[0].intent is not None
    assert len(resident.reply.messages) == 1
    resident.say("talk to a person")
    assert resident.reply.messages[0].intent == "office.human"


def test_several_choices_are_marked_one_by_one(resident: Resident) -> None:
    walk(resident, "1", "34", "today", "2027-03", "0")
    marked = press(resident, ".pick:ill")
    assert "☑ Ill" in [one.label for row in marked.buttons for one in row]
    press(resident, ".pick:old")
    press(resident, ".pick:ill")
    assert "Which city?" in press(resident, ".done").text
    assert dict(resident.session.run.answers)["fits"] == ("old",)  # type: ignore[union-attr]


def test_an_answer_can_be_changed_from_the_result(resident: Resident) -> None:
    walk(resident, *TO_PEOPLE, "1", "34", "no")
    listed = press(resident, ".answers")
    assert any("Age: 34" in one.label for row in listed.buttons for one in row)
    assert "How old are you?" in press(resident, ".change:born").text
    assert "Another system" in resident.say("80").text
    press(resident, ".change:born")
    assert "All told" in resident.say("50").text


def test_after_a_day_the_answers_of_a_result_are_gone(resident: Resident) -> None:
    walk(resident, "3")
    resident.now += timedelta(hours=25)
    assert "no longer" in press(resident, ".answers").text


def test_after_days_the_dialog_offers_to_go_on(resident: Resident) -> None:
    walk(resident, "1", "34")
    resident.now += timedelta(days=3)
    offered = resident.say("what is kokuho?")
    assert 'We were at "Everything"' in offered.text
    assert "Since when?" in press(resident, ".result").text
    assert 'We were at "Everything"' in resident.press("dialog:everything").text
    assert "Where do you work?" in press(resident, ".again").text


def test_start_and_cancel_always_work(resident: Resident) -> None:
    walk(resident, "1")
    resident.command("start")
    assert resident.reply is not None
    assert "We were at" in resident.reply.messages[-1].text
    resident.command("cancel")
    assert resident.session.run is None


def test_another_language_in_the_middle(resident: Resident) -> None:
    walk(resident, "1")
    resident.press("language:ja")
    assert resident.reply is not None
    assert resident.reply.messages[-1].language == "ja"
    assert resident.session.run is not None
    assert resident.session.run.asks == "born"


def test_a_city_that_was_chosen_is_not_asked_again(resident: Resident) -> None:
    resident.press("place:tokyo_hino")
    done = walk(resident, *TO_PEOPLE[:-1], "1", "34", "no")
    assert "All told" in done.text
    assert "Hino City" in done.text


def test_an_edit_of_the_file_under_a_running_dialog(resident: Resident) -> None:
    """A choice that is gone is asked again; a question that is gone is not looked at."""
    walk(resident, "1", "34")
    job = replace(EVERYTHING.questions["job"], choices={"farm": "On a farm", "none": "Nowhere"})
    edited = replace(EVERYTHING, questions={**EVERYTHING.questions, "job": job})
    dialogs = {**resident.knowledge.dialogs, "everything": edited}
    resident.knowledge = replace(resident.knowledge, dialogs=dialogs, worded={})
    assert "Where do you work?" in resident.say("yesterday").text
    assert "✓ Work: On a farm" in resident.say("on a farm").text
    resident.knowledge = replace(resident.knowledge, dialogs={}, worded={})
    assert resident.press("now:1:.back").text


def test_a_deep_link_begins_a_dialog(resident: Resident) -> None:
    assert "Where do you work?" in resident.command("start", "everything").text


def test_limits_of_a_question(resident: Resident) -> None:
    walk(resident, "1", "34", "today", "2027-03")
    assert "Please write an amount" in resident.say("20,000,000").text
    question: Question = EVERYTHING.questions["people"]
    assert question.most is None
    walk(resident, *TO_PEOPLE)
    assert "how many people" in resident.say("13").text


@pytest.mark.parametrize(
    ("hint", "back", "stop"), [("en", "Back", "stop"), ("ja", "戻る", "やめる")]
)
def test_the_words_of_a_button_may_be_typed(
    hint: str, back: str, stop: str, everything: Knowledge
) -> None:
    resident = Resident(everything, hint=hint)
    first = resident.press("dialog:everything")
    resident.say("1")
    assert resident.say(back).text.endswith(first.text.split("\n")[-1])
    resident.say(stop)
    assert resident.session.run is None
