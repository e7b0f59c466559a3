"""The consultants' side of a consultation."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.consultation.shapes import ANYBODY, Consultant, Missed, Overview, Waiting
from bot.core.effects import (
    FileExample,
    MirrorEdit,
    OfferDialog,
    RelayMedia,
    RelayText,
    ShowAnswer,
    Withdraw,
)
from bot.core.events import AlbumComplete, ButtonPressed, CommandGiven, DigestDue, TextSaid
from bot.core.knowledge import Knowledge
from tests.core.consultation.conftest import FRIDAY, GROUP, SATO, SUZUKI, Room


def test_what_is_written_goes_to_the_resident_and_the_first_answer_takes_it(room: Room) -> None:
    room.open()
    room.staff_says("Hello", message=5)
    (relayed,) = room.effects(RelayText)
    assert (relayed.to, relayed.text, relayed.message) == ("resident", "Hello", 5)
    assert room.session.case is not None
    assert room.session.case.claimed == SATO
    room.staff_says("me too", by=SUZUKI)
    assert len(room.effects(RelayText)) == 1
    assert room.session.case.claimed == SATO


def test_lines_that_begin_with_slashes_stay_inside(room: Room) -> None:
    room.open()
    room.staff_says("// who knows this?")
    assert not room.effects(RelayText)
    room.staff_says("Please come on Monday.\n// he is nice\nBring the letter.")
    assert [one.text for one in room.effects(RelayText)] == [
        "Please come on Monday.\nBring the letter."
    ]


def test_an_edited_command_or_inside_word_never_goes_out(room: Room) -> None:
    """A sent text that becomes an inside one is taken back."""
    room.open()
    for text in ("/note he is difficult", "// well", "/claim"):
        room.staff_says(text, message=5, edited=True)
        assert not room.effects(RelayText)
        assert not room.effects(MirrorEdit)
    room.staff_says("hello", message=6)
    room.staff_says("// hello", message=6, edited=True)
    assert [one.message for one in room.effects(Withdraw)] == [6]


def test_media_with_an_inside_caption_stay_inside(room: Room) -> None:
    room.open()
    room.staff_sends("photo", message=5, caption="// a scan for us")
    assert not room.effects(RelayMedia)
    room.staff_sends("photo", message=5, caption="// again", edited=True)
    assert [one.message for one in room.effects(Withdraw)] == [5]
    room.staff_sends("photo", message=6, caption="The form\n// she owes fees")
    assert [one.media[0].caption for one in room.effects(RelayMedia)] == ["The form"]


def test_an_album_with_an_inside_caption_stays_inside_as_a_whole(room: Room) -> None:
    """Only one of its pictures carries the caption; nobody takes the consultation by it."""
    room.open()
    room.staff_sends("photo", message=5, album="a")
    room.staff_sends("photo", message=6, album="a", caption="// for us")
    room.staff_sends("photo", message=7, album="a")
    room.happens(AlbumComplete(at=room.now, number=0, album="a", by=SATO))
    assert not room.effects(RelayMedia)
    assert room.session.case is not None
    assert room.session.case.claimed is None
    assert room.session.case.waits is not None
    room.staff_says("hello", message=8)
    assert not room.effects(RelayMedia)


@pytest.mark.parametrize("ended_by", ["time", "words", "another album"])
def test_what_comes_late_of_an_inside_album_stays_inside(ended_by: str, room: Room) -> None:
    room.open()
    room.staff_sends("photo", message=5, album="a", caption="// for us")
    if ended_by == "time":
        room.happens(AlbumComplete(at=room.now, number=0, album="a", by=SATO))
    elif ended_by == "words":
        room.staff_says("hello", message=8)
    else:
        room.staff_sends("photo", message=9, album="b", caption="// for us")
        assert room.session.case is not None
        assert room.session.case.claimed is None
        room.happens(AlbumComplete(at=room.now, number=0, album="b", by=SATO))
        room.staff_sends("photo", message=6, album="b")
    room.staff_sends("photo", message=6, album="a" if ended_by != "another album" else "b")
    for album in "ab":
        room.happens(AlbumComplete(at=room.now, number=0, album=album, by=SATO))
        assert not room.effects(RelayMedia)


@pytest.mark.parametrize("how", ["edit", "delete"])
def test_a_picture_taken_back_before_its_album_is_complete_stays_inside(
    how: str, room: Room
) -> None:
    room.open()
    room.staff_sends("photo", message=5, album="a")
    if how == "edit":
        room.staff_sends("photo", message=5, album="a", caption="// for us", edited=True)
    else:
        room.staff_command("delete", reply_to=5)
    room.happens(AlbumComplete(at=room.now, number=0, album="a", by=SATO))
    assert not room.effects(RelayMedia)


def test_nothing_goes_out_before_somebody_took_it_if_so_configured(staffed: Knowledge) -> None:
    assert staffed.staff is not None
    room = Room(replace(staffed, staff=replace(staffed.staff, claim_first=True)))
    room.open()
    room.staff_says("Hello")
    assert not room.effects(RelayText)
    assert "Not sent" in room.for_staff
    room.staff_says("Hello there", edited=True, message=1)
    assert not room.effects(MirrorEdit)
    room.staff_command("claim")
    room.staff_says("Hello")
    assert room.effects(RelayText)


def test_claim_release_and_assign_say_what_they_did(room: Room) -> None:
    room.open()
    room.staff_command("claim")
    assert "Sato has taken" in room.for_staff
    room.staff_command("claim", by=SUZUKI)
    assert "Sato has this consultation" in room.for_staff
    room.staff_command("assign Suzuki")
    assert "now with Suzuki" in room.for_staff
    assert "· Suzuki ·" in room.for_staff
    room.staff_command("claim", by=SUZUKI)
    assert "Suzuki has taken" in room.for_staff
    room.staff_command("release")
    assert "waits for somebody" in room.for_staff
    room.staff_command("release")
    assert "Nobody has this" in room.for_staff


def test_notes_and_subject_are_on_the_card_only(room: Room) -> None:
    room.open()
    assert room.staff_command("note call back on Monday") == []
    assert "Sato: call back on Monday" in room.for_staff
    room.staff_command("subject premium **reduction**")
    assert "· premium reduction" in room.for_staff
    room.staff_command("note")
    assert "Write the note" in room.for_staff


def test_close_asks_for_a_rating_and_reopen_goes_on(room: Room) -> None:
    room.open()
    assert "Did it help you?" in room.staff_command("close")[0].text
    room.staff_says("one more thing")
    assert "Not sent" in room.for_staff
    assert not room.effects(RelayText)
    assert "goes on with your consultation" in room.staff_command("reopen")[0].text
    room.staff_says("one more thing")
    assert room.effects(RelayText)


def test_a_barred_resident_reaches_the_bot_but_no_person(room: Room) -> None:
    room.open()
    assert "until the end of 23 November 2026" in room.staff_command("block 3")[0].text
    room.command("human")
    assert room.reply is not None
    assert "cannot write to a person here" in room.reply.messages[0].text
    assert room.reply.messages[1].intent == "office.human"
    assert room.say("how do i join national health insurance")[0].intent == "nhi.enrol"
    room.pass_time(days=4)
    assert "go on with it" in room.command("human")[0].text


def test_unblock_ends_it(room: Room) -> None:
    room.open()
    room.staff_command("block")
    room.staff_command("unblock")
    assert "go on with it" in room.command("human")[0].text


def test_a_block_holds_for_a_notice_that_was_shown_before(room: Room) -> None:
    room.open()
    room.staff_command("close")
    room.command("human")
    step = room.number
    room.staff_command("block")
    room.press(f"now:{step}:resume")
    assert room.session.case is not None
    assert not room.session.case.is_open


def test_a_block_holds_for_who_was_asked_for_the_question(room: Room) -> None:
    room.open()
    room.staff_command("close")
    room.command("human")
    room.press_label("Ask something new")
    room.press_label("Yes")
    room.staff_command("block")
    room.say("here I am again", message=60)
    assert not room.effects(RelayText)


def test_unblock_works_when_the_consultation_is_long_over(room: Room) -> None:
    room.open()
    room.staff_command("block 100")
    room.session = replace(room.session, case=None)
    room.staff_command("unblock")
    assert room.session.barred is None


def test_a_preview_of_an_anonymous_administrator_can_be_sent_by_a_member(room: Room) -> None:
    number = room.open()
    room.staff_command("say nhi.enrol", by=Consultant(id=ANYBODY, name="Group"))
    room.staff_presses(f"desk:{number}:send:{room.number}")
    assert room.effects(ShowAnswer)


def test_the_preview_is_in_the_language_that_will_be_sent(room: Room) -> None:
    room.open()
    room.press("language:ja")
    room.staff_command("say nhi.enrol")
    assert "在留カード" in room.for_staff
    assert "世帯主が" in room.for_staff


@pytest.mark.parametrize("days", ["0", "-3", "x", "9999", "1.5", "٣"])
def test_a_wrong_number_of_days_is_refused(days: str, room: Room) -> None:
    room.open()
    room.staff_command(f"block {days}")
    assert "1 to 365" in room.for_staff
    assert room.session.barred is None


def test_an_answer_is_previewed_in_both_languages_and_sent_on_confirmation(
    staffed: Knowledge,
) -> None:
    room = Room(staffed, hint="ja")
    number = room.open("自分の場合はどうですか")
    room.staff_command("say nhi.enrol")
    assert "Join National Health Insurance" in room.for_staff
    assert "在留カード" in room.for_staff
    assert not room.effects(ShowAnswer)
    step = room.number
    assert room.staff_presses(f"desk:{number}:send:{step}", by=SUZUKI) == []
    assert "Only the one who asked" in room.for_staff
    (message,) = room.staff_presses(f"desk:{number}:send:{step}")
    assert (message.intent, message.language) == ("nhi.enrol", "ja")
    room.staff_presses(f"desk:{number}:send:{step}")
    assert not room.effects(ShowAnswer)
    assert "out of date" in room.for_staff


def test_an_untranslated_answer_is_marked_in_the_preview(staffed: Knowledge) -> None:
    room = Room(replace(staffed, catalogues={**staffed.catalogues, "ko": {}}), hint="ko")
    room.open("제 경우는 어떻게 되나요")
    room.staff_command("say nhi.enrol")
    assert "not wholly translated" in room.for_staff


@pytest.mark.parametrize("wanted", ["enrol", "Join National", "how to join kokuho"])
def test_an_answer_is_found_by_a_part_of_its_id_or_title_or_by_meaning(
    wanted: str, room: Room
) -> None:
    number = room.open()
    room.staff_command(f"say {wanted}")
    assert f"desk:{number}:say:nhi.enrol" in room.staff_buttons
    room.staff_presses(f"desk:{number}:say:nhi.enrol")
    assert "14 days" in room.for_staff


def test_a_dialog_is_offered(room: Room) -> None:
    room.open()
    room.staff_command("offer premium_due")
    assert room.effects(OfferDialog)
    room.staff_command("offer nothing")
    assert "must_i_join" in room.for_staff


def test_the_answer_to_an_offered_dialog_is_not_sent_to_the_consultants(room: Room) -> None:
    room.open()
    room.staff_command("offer premium_due")
    room.press_label("▶")
    room.say("Hino")
    assert not room.effects(RelayText)
    room.staff_says("And how are you?")
    room.say("Hino is nice", message=33)
    assert [one.text for one in room.effects(RelayText)] == ["Hino is nice"]


def test_a_message_is_withdrawn_by_reply(room: Room) -> None:
    room.open()
    room.staff_command("delete", reply_to=5)
    assert [one.message for one in room.effects(Withdraw)] == [5]
    room.staff_command("delete")
    assert "Reply with /delete" in room.for_staff


def test_edits_albums_and_media_go_to_the_resident(room: Room) -> None:
    room.open()
    room.staff_says("corrected", message=5, edited=True)
    assert [one.text for one in room.effects(MirrorEdit)] == ["corrected"]
    room.staff_sends("photo", message=6)
    assert [one.media[0].message for one in room.effects(RelayMedia)] == [6]
    for number in (7, 8):
        room.staff_sends("photo", message=number, album="b")
        assert not room.effects(RelayMedia)
    room.happens(AlbumComplete(at=room.now, number=0, album="b", by=SATO))
    assert [one.message for one in room.effects(RelayMedia)[0].media] == [7, 8]


def test_an_album_of_consultants_is_not_overtaken(room: Room) -> None:
    room.open()
    room.staff_sends("photo", message=7, album="b")
    room.staff_says("look", message=8)
    assert room.reply is not None
    kinds = [type(one) for one in room.reply.turn.effects]
    assert kinds.index(RelayMedia) < kinds.index(RelayText)


def test_a_first_question_becomes_a_candidate_example_once(room: Room) -> None:
    number = room.open("my boss says i cannot join national health insurance")
    room.staff_command("close")
    room.staff_presses(f"desk:{number}:example")
    assert "What was this question about?" in room.for_staff
    room.staff_presses(f"desk:{number}:example:nhi.who_joins")
    assert room.effects(FileExample) == [
        FileExample(
            text="my boss says i cannot join national health insurance",
            language="en",
            intent="nhi.who_joins",
        )
    ]
    room.staff_presses(f"desk:{number}:example:nhi.who_joins")
    assert not room.effects(FileExample)


def test_a_missed_question_of_the_digest_becomes_a_candidate(room: Room) -> None:
    def press(payload: str) -> None:
        room.happens(
            ButtonPressed(
                payload=payload, missed=("kokuho where", "en"), by=SATO, group=GROUP,
                at=FRIDAY, number=0,
            )
        )  # fmt: skip

    press("missed:3:")
    assert "What was this question about?" in room.for_staff
    press("missed:3:nhi.enrol")
    assert [one.intent for one in room.effects(FileExample)] == ["nhi.enrol"]


OVERVIEW = Overview(
    waiting=(Waiting(number=4, title="#4 · waiting", since=FRIDAY.isoformat(), claimed=None),),
    opened=3,
    closed=1,
    first_answers=((FRIDAY.isoformat(), FRIDAY.replace(hour=11).isoformat()),),
    ratings=(5, 4),
    missed=(Missed(id=3, text="qwxz", language="en", count=2),),
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("open", ["#4 · waiting", "120 minutes"]),
        ("stats", ["3 opened", "within 60 minutes", "4.5 of 5 (2)", "2 × qwxz"]),
    ],
)
def test_lists_are_given_anywhere_in_the_group(name: str, parts: list[str], room: Room) -> None:
    event = CommandGiven(
        name=name, argument="", at=FRIDAY.replace(hour=12), number=0, by=SATO, group=GROUP,
        overview=OVERVIEW,
    )  # fmt: skip
    room.happens(event)
    for part in parts:
        assert part in room.for_staff


def test_the_digest_tells_the_day(room: Room) -> None:
    room.happens(
        DigestDue(at=FRIDAY, number=0, group=GROUP, since=FRIDAY.isoformat(), overview=OVERVIEW)
    )
    for part in ("3 opened", "#4 · waiting", "2 × qwxz"):
        assert part in room.for_staff


def test_beside_the_topics_only_commands_are_heard(room: Room) -> None:
    moment: dict[str, Any] = {"at": FRIDAY, "number": 0, "by": SATO, "group": GROUP}
    room.happens(TextSaid(text="lunch?", **moment))
    assert room.for_staff == ""
    room.happens(CommandGiven(name="close", argument="", **moment))
    assert "in the topic" in room.for_staff
    room.happens(CommandGiven(name="help", argument="", **moment))
    assert "/claim" in room.for_staff


def test_a_topic_whose_resident_erased_everything_says_so(room: Room) -> None:
    number = room.open()
    room.command("forget")
    room.press_label("Yes")
    room.happens(TextSaid(text="hello?", at=FRIDAY, number=0, by=SATO, group=GROUP, case=number))
    assert "is over" in room.for_staff
    assert not room.effects(RelayText)


FORGED = st.one_of(
    st.text(max_size=64),
    st.builds(
        "{}:{}:{}:{}".format,
        st.sampled_from(["desk", "missed", "now", "held", "end", "rate"]),
        st.integers(0, 40),
        st.sampled_from(["claim", "send", "say", "example", "drop", "5"]),
        st.one_of(st.integers(0, 40).map(str), st.sampled_from(["nhi.enrol", "", "x"])),
    ),
)


def test_a_resident_never_reaches_a_staff_function(staffed: Knowledge) -> None:
    """Whatever is behind a forged button or command, nobody takes, previews, bars or files."""

    @settings(max_examples=300, deadline=None)
    @given(payload=FORGED, command=st.sampled_from(["claim", "close", "say nhi.enrol", "block 3"]))
    def forge(payload: str, command: str) -> None:
        room = Room(staffed)
        number = room.open()
        room.staff_command("say nhi.enrol")
        before = room.session.case
        assert before is not None
        room.press(payload)
        name, _, argument = command.partition(" ")
        room.command(name, argument)
        after = room.session.case
        assert after is not None
        ended = payload.split(":")[:2] == ["end", str(number)]  # the resident's own button
        assert after.is_open != ended
        assert ended or after.preview == before.preview
        assert (after.claimed, after.notes, room.session.barred) == (before.claimed, (), None)
        assert not room.effects(FileExample)

    forge()
