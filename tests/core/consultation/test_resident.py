"""The resident's side of a consultation."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.core.consultation.staffing import Desk, Hours, Staff
from bot.core.effects import (
    Consult,
    MirrorEdit,
    NoteMiss,
    OfferAnswer,
    RelayMedia,
    RelayText,
    ShowCard,
    WakeLater,
)
from bot.core.events import JAPAN, AlbumComplete, AnswerOverdue, DeliveryFailed, TopicLost
from bot.core.knowledge import Knowledge
from tests.core.consultation.conftest import FRIDAY, GROUP, Room


def test_without_consultants_the_way_to_a_person_is_the_counter(knowledge: Knowledge) -> None:
    room = Room(knowledge)
    assert room.command("human")[0].intent == "office.human"
    assert room.session.case is None


@pytest.mark.parametrize(
    "words", ["talk to a person", "can I speak with a human", "人と話したい", "我要人工服务"]
)
def test_a_person_is_reached_in_words(words: str, room: Room) -> None:
    room.say(words)
    assert [one.message for one in room.effects(Consult)] == ["consult.notice"]


def test_the_button_under_every_answer_and_outcome_leads_to_a_person(room: Room) -> None:
    room.press("answer:office.human")
    assert [one.message for one in room.effects(Consult)] == ["consult.notice"]


def test_the_notice_comes_first_and_no_is_an_answer(room: Room) -> None:
    """What they see, how long it is kept, and until when they work."""
    notice = room.command("human")[0].text
    for part in ("your last messages", "They do not see your name", "7 days", "90 days", "5:00"):
        assert part in notice
    room.press_label("No")
    assert room.session.case is None
    room.say("how do i join national health insurance")
    assert not room.effects(RelayText)


def test_the_first_question_opens_a_consultation_with_everything_in_sight(room: Room) -> None:
    room.say("how do i join national health insurance")
    room.press("place:tokyo_hino")
    number = room.open("my boss says i cannot join")
    case = room.session.case
    assert case is not None
    assert case.number == number
    assert case.subject == "join_leave"
    card = room.for_staff
    for part in (
        f"#{number} · waiting · English · Joining", "Hino City", "Resident", "Writes: English",
        "how do i join national health insurance", "nhi.enrol", "100%", "waiting since",
    ):  # fmt: skip
        assert part in card, part
    (relayed,) = room.effects(RelayText)
    assert (relayed.to, relayed.text, relayed.ticket.chat) == (
        "staff", "my boss says i cannot join", GROUP
    )  # fmt: skip


def test_the_question_itself_is_on_the_card_with_what_it_is_likely_about(room: Room) -> None:
    """The bot has not answered it: the consultant sees the nearest answer and how sure that is."""
    room.open("how do i join national health insurance")
    assert "not answered by the bot; nearest: nhi.enrol" in room.for_staff
    assert "→ nhi.enrol" not in room.for_staff


def test_the_answers_of_a_dialog_are_on_the_card(room: Room) -> None:
    room.press("dialog:premium_due")
    room.say("Hino")
    room.open()
    assert "When is my premium due?" in room.for_staff
    assert "Hino City" in room.for_staff


def test_the_bot_is_silent_while_a_consultation_is_open(room: Room) -> None:
    room.open()
    room.staff_says("Hello")
    assert room.say("how do i join national health insurance") == []
    assert [one.text for one in room.effects(RelayText)] == [
        "how do i join national health insurance"
    ]


def test_a_sure_answer_is_offered_until_somebody_has_taken_it(room: Room) -> None:
    room.open()
    room.say("how do i join national health insurance")
    assert [one.intent for one in room.effects(OfferAnswer)] == ["nhi.enrol"]
    room.staff_command("claim")
    room.say("how do i join national health insurance")
    assert room.effects(OfferAnswer) == []


def test_danger_to_life_is_answered_at_once_and_passed_on(room: Room) -> None:
    room.open()
    messages = room.say("he cannot breathe")
    assert "119" in messages[0].text
    assert room.effects(RelayText)


def test_commands_work_in_a_consultation(room: Room) -> None:
    room.open()
    assert "Choose" in room.command("help")[0].text or room.reply is not None
    assert "is open" in room.command("start")[-1].text
    assert "is open" in room.command("cancel")[-1].text
    assert room.session.case is not None
    assert room.session.case.is_open


def test_subject_and_contact_can_be_changed_later(room: Room) -> None:
    number = room.open()
    room.press(f"subject:{number}")
    room.press_label("Pension")
    assert room.session.case is not None
    assert room.session.case.subject == "pension"
    assert "Pension" in room.for_staff
    room.press(f"contact:{number}:phone")
    assert "by telephone" in room.for_staff


def test_the_first_photo_asks_once_whether_it_shows_a_number(room: Room) -> None:
    room.open()
    room.send("photo", message=20)
    assert not room.effects(RelayMedia)
    room.press_label("It shows none")
    assert [one.media[0].message for one in room.effects(RelayMedia)] == [20]
    room.send("document", message=21)
    assert [one.media[0].message for one in room.effects(RelayMedia)] == [21]


def test_a_photo_that_shows_a_number_is_not_passed_on(room: Room) -> None:
    room.open()
    room.send("photo", message=20)
    room.press_label("Do not send")
    assert not room.effects(RelayMedia)
    assert room.session.case is not None
    assert room.session.case.held == ()
    room.send("photo", message=22)
    assert room.reply is not None
    assert "shows" in room.reply.messages[0].text or "show" in room.reply.messages[0].text


def test_what_waits_for_the_word_is_asked_about_again_and_never_lost_silently(room: Room) -> None:
    room.open()
    room.send("photo", message=20)
    room.send("photo", message=21)
    assert [one.message for one in room.effects(Consult)] == ["consult.shows_number"]
    room.say("no it shows none", message=22)
    assert [one.message for one in room.effects(Consult)] == ["consult.shows_number"]
    room.staff_command("close")
    assert [one.message for one in room.effects(Consult)] == ["consult.dropped", "consult.closed"]


def test_an_album_with_a_photo_in_it_waits_as_a_whole(room: Room) -> None:
    room.open()
    room.send("video", message=20, album="a")
    room.send("photo", message=21, album="a")
    room.send("video", message=22, album="a")
    assert not room.effects(RelayMedia)
    assert room.session.case is not None
    assert [one.message for one in room.session.case.held] == [20, 21, 22]


def test_a_live_location_that_moves_is_no_edit(room: Room) -> None:
    room.open()
    assert room.send("location", message=30, edited=True) == []
    assert not room.effects(MirrorEdit)


def test_a_number_in_a_caption_is_told_to_both_sides(room: Room) -> None:
    room.open()
    said = room.send("video", message=31, caption="x", masked=True)
    assert "identity or card number" in said[0].text
    assert "identity or card number" in room.for_staff


def test_words_like_a_wish_for_a_person_reach_the_person(room: Room) -> None:
    room.open()
    room.say("talk to a person", message=40)
    assert [one.text for one in room.effects(RelayText)] == ["talk to a person"]


def test_a_question_behind_the_stars_is_for_the_bot(room: Room) -> None:
    number = room.open()
    room.press(f"end:{number}")
    room.press(f"rate:{number}:5")
    assert room.say("how do i join national health insurance")[0].intent == "nhi.enrol"
    assert "no longer works" in room.press(f"rate:{number}:1")[0].text


def test_what_is_written_much_later_is_for_the_bot(room: Room) -> None:
    room.command("human")
    room.press_label("Yes")
    room.pass_time(days=2)
    room.say("how do i join national health insurance")
    assert room.session.case is None


def test_to_go_on_with_what_was_erased_meanwhile_leads_to_a_new_one(room: Room) -> None:
    number = room.open()
    room.press(f"end:{number}")
    room.command("human")
    step = room.number
    room.session = replace(room.session, case=None)
    room.press(f"now:{step}:resume")
    assert [one.message for one in room.effects(Consult)] == ["consult.notice"]


def test_an_edit_of_an_older_message_is_no_question(room: Room) -> None:
    room.command("human")
    room.press_label("Yes")
    assert room.say("how do i join national health insurance", message=3, edited=True) == []


def test_without_consultants_an_old_consultation_is_no_trap(
    room: Room, knowledge: Knowledge
) -> None:
    room.open()
    room.knowledge = knowledge
    assert room.say("how do i join national health insurance")[0].intent == "nhi.enrol"


def test_a_photo_alone_can_be_the_question(room: Room) -> None:
    room.command("human")
    room.press_label("Yes")
    room.send("photo", message=20, caption="what is this")
    assert room.session.case is not None
    assert room.session.case.question == "what is this"
    room.press_label("It shows none")
    assert [one.media[0].message for one in room.effects(RelayMedia)] == [20]


@pytest.mark.parametrize("kind", ["voice", "video", "location", "contact", "sticker"])
def test_other_media_go_at_once(kind: str, room: Room) -> None:
    room.open()
    room.send(kind, message=30)
    assert [one.media[0].kind for one in room.effects(RelayMedia)] == [kind]


def test_an_album_is_kept_together(room: Room) -> None:
    room.open()
    for number in (40, 41, 42):
        room.send("video", message=number, album="a")
        assert not room.effects(RelayMedia)
    room.happens(AlbumComplete(at=room.now, number=0, album="a"))
    (relayed,) = room.effects(RelayMedia)
    assert [one.message for one in relayed.media] == [40, 41, 42]
    room.happens(AlbumComplete(at=room.now, number=0, album="a"))
    assert not room.effects(RelayMedia)


def test_what_follows_an_album_does_not_overtake_it(room: Room) -> None:
    room.open()
    room.send("video", message=40, album="a")
    room.say("and this", message=41)
    assert room.reply is not None
    kinds = [type(one) for one in room.reply.turn.effects]
    assert kinds.index(RelayMedia) < kinds.index(RelayText)


def test_a_file_name_with_an_identity_number_is_not_passed_on(room: Room) -> None:
    room.open()
    assert "name of this file" in room.send("document", message=9, named=True)[0].text
    assert not room.effects(RelayMedia)


def test_edits_and_replies_keep_their_reference(room: Room) -> None:
    room.open()
    room.say("corrected", message=10, edited=True)
    assert [(one.message, one.text) for one in room.effects(MirrorEdit)] == [(10, "corrected")]
    room.say("about that", message=12, reply_to=10)
    assert [one.reply_to for one in room.effects(RelayText)] == [10]
    room.send("video", message=20, caption="new", edited=True, file="f2")
    assert [(one.kind, one.file) for one in room.effects(MirrorEdit)] == [("video", "f2")]


def test_the_resident_ends_it_rates_it_and_goes_on_within_a_week(room: Room) -> None:
    number = room.open()
    room.press(f"end:{number}")
    assert "has ended" in room.for_staff
    room.press_label("5")
    room.say("very kind")
    assert "very kind" in room.for_staff
    room.pass_time(days=6)
    room.command("human")
    room.press_label("Go on")
    assert room.session.case is not None
    assert (room.session.case.number, room.session.case.is_open) == (number, True)


def test_after_a_week_it_is_a_new_consultation(room: Room) -> None:
    number = room.open()
    room.press(f"end:{number}")
    room.pass_time(days=8)
    assert room.open() != number
    assert room.session.known_as == number


def test_buttons_of_an_older_consultation_are_out_of_date(room: Room) -> None:
    first = room.open()
    room.press(f"end:{first}")
    room.pass_time(days=8)
    room.open()
    assert "no longer works" in room.press(f"end:{first}")[0].text
    assert room.session.case is not None
    assert room.session.case.is_open


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (FRIDAY, ["until 5:00"]),
        (FRIDAY + timedelta(hours=12), ["Monday, 23 November 2026", "Tuesday, 24 November 2026"]),
        (datetime(2026, 11, 24, 8, tzinfo=JAPAN), ["Tuesday, 24 November 2026 at 9:00"]),
        (datetime(2026, 12, 28, 20, tzinfo=JAPAN), ["Tuesday, 29 December 2026", "4 January 2027"]),
    ],
)
def test_the_promise_knows_hours_weekends_and_holidays(
    now: datetime, words: list[str], room: Room
) -> None:
    """23 November is a holiday; a city office is closed from 29 December to 3 January."""
    room.now = now
    text = room.command("human")[0].text
    for word in words:
        assert word in text


def test_the_promise_is_in_the_language_of_the_resident(staffed: Knowledge) -> None:
    room = Room(staffed, hint="ja", now=FRIDAY + timedelta(hours=12))
    assert "2026年11月24日火曜日" in room.command("human")[0].text


def test_who_waits_too_long_is_brought_up_again(room: Room) -> None:
    room.open()
    assert room.reply is not None
    event = room.effects(WakeLater)[0].event
    assert isinstance(event, AnswerOverdue)
    assert event.at == FRIDAY + timedelta(hours=1)
    room.now = event.at
    room.happens(event)
    assert "60 minutes" in room.for_staff
    later = room.effects(WakeLater)[0].event
    room.staff_says("Sorry, here we are")
    room.happens(later)
    assert room.for_staff == ""


def test_overdue_time_runs_in_office_hours_only(room: Room) -> None:
    room.now = datetime(2026, 11, 20, 16, 30, tzinfo=JAPAN)
    room.open()
    event = room.effects(WakeLater)[0].event
    assert event.at == datetime(2026, 11, 24, 9, 30, tzinfo=JAPAN)


def test_what_did_not_arrive_is_told_to_who_sent_it(room: Room) -> None:
    room.open()
    failed = DeliveryFailed(at=room.now, number=0, to="staff", reason="delayed")
    assert "has not reached them yet" in room.happens(failed)[0].text
    assert "could not be passed on" in room.happens(replace(failed, reason="refused"))[0].text
    blocked = DeliveryFailed(at=room.now, number=0, to="resident", reason="blocked", message=5)
    assert room.happens(blocked) == []
    assert "stopped the bot" in room.for_staff


def test_a_lost_topic_gets_its_card_again(room: Room) -> None:
    number = room.open()
    room.happens(TopicLost(at=room.now, number=0, case=number))
    assert room.effects(ShowCard)
    assert "was deleted" in room.for_staff


def test_a_miss_is_noted_without_a_person(room: Room) -> None:
    room.say("Qwxz vbnm!")
    assert [(one.text, one.language) for one in room.effects(NoteMiss)] == [("qwxz vbnm", "en")]


def test_desks_are_chosen_by_place_and_subject(staffed: Knowledge) -> None:
    staff = Staff(
        desks=(
            Desk(chat=-1, places=("tokyo_hino",), subjects=("pension",)),
            Desk(chat=-2, places=("tokyo_hino",)),
            Desk(chat=-3),
        )
    )
    room = Room(replace(staffed, staff=staff))
    room.press("place:tokyo_hino")
    room.open()
    assert room.session.case is not None
    assert room.session.case.chat == -2
    assert staff.desk("tokyo_hino", "pension").chat == -1
    assert staff.desk(None, None).chat == -3


def test_office_hours_are_counted_exactly() -> None:
    hours = Hours(closed=frozenset({date(2026, 11, 25)}))
    monday = datetime(2026, 11, 16, 8, tzinfo=JAPAN)
    assert hours.minutes(monday, monday + timedelta(days=7)) == 5 * 8 * 60
    assert hours.minutes(FRIDAY, datetime(2026, 11, 26, 10, tzinfo=JAPAN)) == (7 + 8 + 1) * 60
    assert hours.after(FRIDAY, 7 * 60) == datetime(2026, 11, 20, 17, tzinfo=JAPAN)
    assert hours.after(FRIDAY, 7 * 60 + 1) == datetime(2026, 11, 24, 9, 1, tzinfo=JAPAN)
    never = Hours(week=((),) * 7)
    assert never.opens(FRIDAY) is None
    assert never.closes(FRIDAY) is None


def test_after_three_consultations_in_a_day_the_last_one_goes_on(room: Room) -> None:
    """Whoever needs more loses nothing: they can write there, or go to the counter."""
    for _ in range(3):
        if room.session.case is not None:
            room.staff_command("close")
            room.command("human")
            room.press_label("Ask something new")
            room.press_label("Yes")
            room.say("something else", message=12)
        else:
            last = room.open()
        assert room.session.case is not None
        last = room.session.case.number
    room.staff_command("close")
    assert "three new consultations" in room.command("human")[0].text
    room.press_label("Go on with it")
    assert room.session.case is not None
    assert (room.session.case.number, room.session.case.stage) == (last, "open")
    room.staff_command("close")
    room.pass_time(hours=25)
    room.command("human")
    room.press_label("Ask something new")


@pytest.mark.parametrize("choice", ["another", "person"])
def test_a_button_shown_before_opens_no_fourth_consultation(choice: str, room: Room) -> None:
    number = room.open()
    room.staff_command("close")
    room.command("human")
    opened = tuple((room.now - timedelta(hours=hour)).isoformat() for hour in (3, 2, 1))
    room.session = replace(room.session, opened=opened)
    room.press(f"now:{room.number}:{choice}")
    assert [one.message for one in room.effects(Consult)] == ["consult.enough"]
    assert room.session.case is not None
    assert room.session.case.number == number


def test_forgetting_lifts_no_limit(room: Room) -> None:
    room.open()
    room.staff_command("block 30")
    opened, barred = room.session.opened, room.session.barred
    room.command("forget")
    said = room.press_label("Yes, erase")
    assert "One thing stays" in said[1].text
    assert (room.session.opened, room.session.barred) == (opened, barred)
    assert room.session.case is None
    room.command("human")
    assert [one.message for one in room.effects(Consult)] == ["consult.barred"]


def test_an_old_button_does_not_send_new_pictures(room: Room) -> None:
    room.open()
    room.send("photo", message=20)
    old = [button.payload for row in room.reply.messages[0].buttons for button in row]  # type: ignore[union-attr]
    number = room.session.case.number if room.session.case else 0
    room.press(f"end:{number}")
    room.staff_command("reopen")
    room.send("photo", message=21)
    room.press(next(one for one in old if one.endswith(":send")))
    assert not room.effects(RelayMedia)


def test_nobody_is_asked_for_ever(room: Room) -> None:
    room.open()
    (overdue,) = room.effects(WakeLater)
    assert isinstance(overdue.event, AnswerOverdue)
    room.pass_time(days=15)
    room.happens(replace(overdue.event, at=room.now))
    assert not room.effects(WakeLater)
