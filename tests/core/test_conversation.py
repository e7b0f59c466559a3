"""What the bot says to what: the promises of the conversation."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.effects import OfferSwitch
from bot.core.events import JAPAN
from bot.core.knowledge import Knowledge
from bot.core.session import ELSEWHERE
from tests.conftest import Resident, payloads


def test_nothing_has_to_be_chosen_before_the_first_answer(resident: Resident) -> None:
    message = resident.say("how do i join national health insurance")
    assert message.intent == "nhi.enrol"
    assert "14 days" in message.text
    assert "Hokkaido Government" in message.text


def test_a_miss_leads_to_topics_letters_a_person_and_the_emergency_number(
    resident: Resident,
) -> None:
    message = resident.say("qwxz vbnm")
    assert resident.band == "miss"
    assert {"topics", "answer:letter.identify", "answer:office.human"} <= set(payloads(message))
    assert "119" in message.text


def test_after_the_second_miss_a_person_comes_first(resident: Resident) -> None:
    resident.say("qwxz vbnm")
    assert payloads(resident.say("zzz qqq xx"))[0] == "answer:office.human"


def test_an_answer_forgets_earlier_misses(resident: Resident) -> None:
    resident.say("qwxz vbnm")
    resident.say("what is national health insurance")
    assert payloads(resident.say("qwxz vbnm zzz qqq xx yyy www"))[0] == "topics"


@pytest.mark.parametrize("message", ["and how much?", "what documents?", "qué?", "wie"])
def test_a_short_question_behind_an_answer_offers_what_is_related(
    message: str, resident: Resident
) -> None:
    resident.say("how do i join national health insurance")
    offered = payloads(resident.say(message))
    assert "answer:nhi.enrol_late" in offered
    assert "answer:premium.calculation" in offered


@pytest.mark.parametrize("message", ["insurance", "Hello, INSURANCE please", "保険", "保险"])
def test_a_word_that_says_too_little_lists_topics(message: str, resident: Resident) -> None:
    offered = payloads(resident.say(message))
    assert {"topic:basics", "topic:join_leave"} <= set(offered)
    assert "topic:pension" not in offered


def test_two_questions_in_one_message_are_both_offered(resident: Resident) -> None:
    message = resident.say("How do I join kokuho? Also: what is tokusokujo?")
    assert set(payloads(message)[:2]) == {"answer:nhi.enrol", "answer:premium.arrears"}
    assert "more than one thing" in message.text


def test_a_language_without_answers_is_named_once(resident: Resident) -> None:
    vietnamese = "làm sao để tôi đóng tiền bảo hiểm và tôi không có tiền"
    resident.say(vietnamese)
    first = resident.reply
    resident.say(vietnamese)
    second = resident.reply
    assert first is not None
    assert second is not None
    assert "do not speak this language yet" in first.messages[0].text
    assert "language:ja" in payloads(first.messages[0])
    assert "do not speak" not in second.messages[0].text


def test_neighbouring_subjects_get_a_pointer_and_never_an_answer(resident: Resident) -> None:
    """Car insurance is not ours: the bot says so, and does not call that an answer."""
    message = resident.say("car insurance")
    assert resident.band != "answer"
    assert "nhi.accident" in message.text or message.buttons


@pytest.mark.parametrize(
    "name", ["start", "cancel", "help", "human", "topics", "language", "place"]
)
def test_commands_work_in_any_state(name: str, resident: Resident) -> None:
    resident.say("qwxz vbnm")
    assert resident.command(name).buttons or name == "language"


def test_a_deep_link_opens_its_answer(resident: Resident) -> None:
    assert resident.command("start", "nhi-enrol").intent == "nhi.enrol"


def test_a_deep_link_to_nowhere_welcomes(resident: Resident) -> None:
    assert "Madoguchi" in resident.command("start", "nhi-nothing").text


def test_the_place_brings_its_counter_and_another_place_never_does(resident: Resident) -> None:
    """Somebody from elsewhere never reads another city's counter."""
    resident.say("how do i join national health insurance")
    resident.press("place:tokyo_hino")
    assert "042-585-1111" in resident.press("answer:nhi.enrol").text
    elsewhere = resident.press(f"place:{ELSEWHERE}")
    assert "042" not in elsewhere.text
    assert "国民健康保険の窓口" in elsewhere.text


def test_a_place_can_be_typed(resident: Resident) -> None:
    resident.say("日野市")
    assert resident.session.place == "tokyo_hino"


def test_the_last_answer_is_said_again_with_the_place(resident: Resident) -> None:
    resident.say("when is the premium due")
    message = resident.press("place:tokyo_hino")
    assert message.intent == "premium.due_dates"
    assert "9" in message.text
    assert "July" in message.text


def test_a_paper_is_named_before_its_answer(resident: Resident) -> None:
    for text in ("督促状", "督促状 what is this"):
        message = resident.say(text)
        assert message.intent == "premium.arrears"
        assert message.text.startswith("督促状")


def test_helpful_is_counted_and_not_helpful_offers_a_person(resident: Resident) -> None:
    resident.say("how do i join national health insurance")
    assert "answer:office.human" in payloads(resident.press("unhelpful:nhi.enrol"))
    assert resident.reply is not None
    assert len(resident.reply.turn.effects) == 2


def test_a_question_in_another_language_is_answered_in_it_with_an_offer(
    resident: Resident,
) -> None:
    resident.press("language:ja")
    resident.say("how do i join national health insurance please tell me")
    assert resident.reply is not None
    assert resident.reply.turn.language == "en"
    assert isinstance(resident.reply.turn.effects[-1], OfferSwitch)


def test_the_language_of_the_app_is_used_until_one_is_chosen(knowledge: Knowledge) -> None:
    resident = Resident(knowledge, hint="ja-JP")
    assert resident.command("start").language == "ja"
    resident.press("language:en")
    assert resident.command("start").language == "en"


def test_a_button_whose_target_is_gone_shows_the_topics(resident: Resident) -> None:
    """Buttons stay in the chat for years; answers may be renamed."""
    for payload in ("answer:nhi.gone", "place:atlantis", "v1:../../x", "", "language:xx"):
        assert "topic:basics" in payloads(resident.press(payload))


def test_figures_are_those_of_the_day(knowledge: Knowledge) -> None:
    """A ceiling that changed on 1 August 2026; beyond the table the bot does not know."""
    said = {}
    for year, month in ((2026, 7), (2026, 8), (2031, 1)):
        resident = Resident(knowledge, now=datetime(year, month, 15, 12, tzinfo=JAPAN))
        said[year, month] = resident.press("answer:nhi.high_cost").text
    assert "80,100 yen" in said[2026, 7]
    assert "85,800 yen" in said[2026, 8]
    assert "yen" not in said[2031, 1].split("middle income")[1].split("\n")[0]
    assert "not known yet" in said[2031, 1]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(st.text(max_size=300), max_size=4))
def test_any_text_leaves_the_conversation_standing(texts: list[str], knowledge: Knowledge) -> None:
    """Whatever was said before, a clear question is answered and /start welcomes."""
    resident = Resident(knowledge)
    for text in texts:
        assert resident.say(text).text
    assert resident.say("how do i join national health insurance").intent == "nhi.enrol"
    assert "Madoguchi" in resident.command("start").text


def test_the_language_that_was_written_last_is_kept_until_another_is_clear(
    resident: Resident,
) -> None:
    """Short Chinese messages say nothing about their language; the app of many is in English."""
    assert resident.say("我缴不起保险费怎么办").language == "zh-Hans"
    assert resident.say("退年金").language == "zh-Hans"
    assert resident.press("topics").language == "zh-Hans"
    assert resident.say("how do i join national health insurance").language == "en"
    assert resident.press("topics").language == "en"


def test_a_mere_guess_also_says_what_to_do_in_danger(resident: Resident) -> None:
    resident.say("how do i join national health insurance")
    assert "119" in resident.say("aagh").text
