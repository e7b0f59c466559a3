"""Residents and consultants talk through the real process: two languages, two consultants."""

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.core.events import JAPAN
from tests.bot_process import BotProcess
from tests.channels.telegram.people import (
    GROUP,
    OPEN_ALWAYS,
    opened,
    topic_of,
)
from tests.fake_forum import Consultant, StaffGroup, Topic
from tests.fake_telegram import FakeTelegram, Person

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("consultation")]
numbers = itertools.count(5000)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.complaints == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def group(telegram: FakeTelegram) -> StaffGroup:
    return StaffGroup(telegram, GROUP)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(
    telegram: FakeTelegram, group: StaffGroup, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    process = BotProcess(
        tmp_path_factory.mktemp("bot"), telegram.url, debug=True, staff=OPEN_ALWAYS
    )
    process.start()
    yield process
    assert process.stop() == 0, process.said()[-2000:]


@pytest.fixture(scope="module")
def sato(telegram: FakeTelegram, group: StaffGroup) -> Consultant:
    return Consultant(telegram, group, 71, "Sato")


@pytest.fixture(scope="module")
def suzuki(telegram: FakeTelegram, group: StaffGroup) -> Consultant:
    return Consultant(telegram, group, 72, "Suzuki")


@pytest.fixture
def resident(telegram: FakeTelegram, bot: BotProcess) -> Person:
    return Person(telegram, next(numbers))


async def until(telegram: FakeTelegram, true: Callable[[], bool]) -> None:
    await telegram.until(true, 20)


async def test_the_group_is_greeted_once(
    group: StaffGroup, bot: BotProcess, telegram: FakeTelegram
) -> None:
    await until(telegram, lambda: bool(group.general))
    assert "Madoguchi is here" in group.general[0].text
    commands = telegram.profile[f"commands {GROUP}"]["commands"]
    assert {"claim", "say", "close"} <= {one["command"] for one in commands}


async def test_two_residents_in_two_languages_and_two_consultants(
    telegram: FakeTelegram, group: StaffGroup, bot: BotProcess, sato: Consultant,
    suzuki: Consultant,
) -> None:  # fmt: skip
    maria, li = Person(telegram, next(numbers)), Person(telegram, next(numbers), language="zh-hans")
    first = await opened(maria, group, "my boss says i cannot join")
    second = await opened(li, group, "李先生的事 qwxz 请看")
    assert first.thread != second.thread
    assert "English" in first.name
    assert "Chinese" in second.name
    card = await sato.finds(first.thread, "waiting since")
    assert card.id in group.pinned
    await sato.finds(first.thread, "my boss says i cannot join")
    await suzuki.finds(second.thread, "李先生的事")
    sato.send("Good day Maria", first.thread)
    suzuki.send("您好", second.thread)
    await maria.hears("👤 Good day Maria")
    await li.hears("👤 您好")
    await until(telegram, lambda: "Sato" in first.name and "Suzuki" in second.name)
    await sato.sees(card, "Sato")
    assert card.edits >= 1
    maria.send("thank you")
    await sato.finds(first.thread, "thank you")


async def test_the_resident_sees_a_quiet_sign_when_it_arrived(
    telegram: FakeTelegram, group: StaffGroup, resident: Person
) -> None:
    await opened(resident, group, "my own case")
    number = resident.send("more of it")
    await until(telegram, lambda: resident.reaction(number) == "👀")


MEDIA = ("photo", "document", "voice", "video", "audio", "video_note", "animation", "sticker",
         "location", "contact")  # fmt: skip


async def test_all_kinds_of_media_go_both_ways(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    resident.send_media("photo", caption="this letter")
    await resident.hears("Does it show a My Number")
    resident.press("It shows none")
    await resident.hears("It is sent")
    for kind in MEDIA[1:]:
        resident.send_media(kind)
    for kind in MEDIA:
        await until(telegram, lambda kind=kind: kind in kinds(topic))  # type: ignore[misc]
    assert kinds(topic) == [*MEDIA]
    for kind in MEDIA:
        sato.send_media(kind, topic.thread)
    await until(telegram, lambda: len(telegram.to(resident.id)[-1:]) == 1 and
                [one.kind for one in telegram.to(resident.id) if one.kind != "text"]
                == [*MEDIA])  # fmt: skip


def kinds(topic: Topic) -> list[str]:
    return [one.kind for one in topic.messages if one.of_bot and one.kind != "text"]


async def test_an_album_stays_together_both_ways(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    for _ in range(3):
        resident.send_media("video", album="a1")
    await until(telegram, lambda: kinds(topic) == ["video"] * 3)
    assert len({one.album for one in topic.messages if one.kind == "video"}) == 1
    for _ in range(2):
        sato.send_media("photo", topic.thread, album="b1")
    await until(
        telegram, lambda: [one.kind for one in telegram.to(resident.id)].count("photo") == 2
    )
    albums = {one.album for one in telegram.to(resident.id) if one.kind == "photo"}
    assert len(albums) == 1
    assert None not in albums


async def test_edits_are_mirrored_and_replies_keep_their_reference(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    number = resident.send("it is 5000 yen")
    copy = await sato.finds(topic.thread, "it is 5000 yen")
    resident.edit(number, "it is 50000 yen")
    await sato.sees(copy, "it is 50000 yen")
    answer = sato.send("which letter?", topic.thread, reply_to=copy.id)
    heard = await resident.hears("which letter?")
    assert heard.reply_to == number
    sato.edit(answer, "which letter is it?")
    await resident.sees(heard, "which letter is it?")
    resident.send("this one", reply_to=heard.id)
    assert (await sato.finds(topic.thread, "this one")).reply_to == answer
    video = resident.send_media("video", caption="first")
    shown = await sato.finds(topic.thread, "first")
    resident.edit_caption(video, "second")
    await sato.sees(shown, "second")
    resident.edit_media(video, "video", "another-file", "third")
    await sato.sees(shown, "third")
    assert shown.file_id == "another-file"


async def test_bold_words_and_links_stay(
    group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    link = {"type": "text_link", "offset": 4, "length": 4, "url": "https://example.org/"}
    sato.send("see page", topic.thread, entities=[link])
    heard = await resident.hears("👤 see page")
    assert heard.entities == [link | {"offset": 7}]


async def dropped_photo(resident: Person) -> int:
    """A photo that was asked about and not passed on."""
    photo = resident.send_media("photo", caption="my card")
    await resident.hears("Does it show a My Number")
    resident.press("Do not send")
    await resident.hears("was not sent")
    return photo


async def test_a_photo_that_was_not_passed_on_stays_so_when_it_is_edited(
    group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    photo = await dropped_photo(resident)
    resident.edit_caption(photo, "my card again")
    await resident.hears("Does it show a My Number")
    resident.send("only words")
    await sato.finds(topic.thread, "only words")
    assert not any(one.kind == "photo" for one in topic.messages)


async def test_a_photo_that_was_dropped_is_not_passed_on_by_an_edit_later(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    dropped = await dropped_photo(resident)
    resident.send_media("photo", caption="the letter")
    await resident.hears("Does it show a My Number")
    resident.press("It shows none")
    await sato.finds(topic.thread, "the letter")
    resident.edit_caption(dropped, "my card, once more")
    resident.send("only words")
    await sato.finds(topic.thread, "only words")
    assert not any("my card" in one.text for one in topic.messages)


async def test_a_message_is_withdrawn(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    number = sato.send("oh, wrong window", topic.thread)
    heard = await resident.hears("oh, wrong window")
    sato.send("/delete", reply_to=number)
    await until(telegram, lambda: heard.deleted)
    await sato.finds(topic.thread, "is being deleted")


async def test_numbers_are_masked_on_both_sides(
    group: StaffGroup, resident: Person, sato: Consultant, bot: BotProcess
) -> None:
    topic = await opened(resident, group, "my own case")
    resident.send("my number is 123456789018 ok")
    await resident.hears("had an identity or card number")
    shown = await sato.finds(topic.thread, "my number is")
    assert "123456789018" not in shown.text
    await sato.finds(topic.thread, "There was an identity")
    resident.send_media("video", caption="card 4111 1111 1111 1111")
    await resident.hears("had an identity or card number")
    shown = await sato.finds(topic.thread, "card ")
    assert "4111" not in shown.text
    sato.send("you wrote 123456789018", topic.thread)
    heard = await resident.hears("you wrote")
    assert "123456789018" not in heard.text
    stored = sqlite3.connect(bot.database)
    assert "123456789018" not in "\n".join(stored.iterdump())
    stored.close()


async def test_inside_lines_and_commands_stay_inside(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    before = len(telegram.to(resident.id))
    sato.send("// who knows this?", topic.thread)
    sato.send("/note ask the pension office", topic.thread)
    await sato.finds(topic.thread, "Notes:", "ask the pension office")
    sato.send("/claim@m_bot", topic.thread)
    await sato.finds(topic.thread, "Sato has taken")
    sato.send("/nonsense", topic.thread)
    await sato.finds(topic.thread, "no such command")
    assert len(telegram.to(resident.id)) == before


async def test_an_answer_is_previewed_and_sent(
    telegram: FakeTelegram, group: StaffGroup, bot: BotProcess, sato: Consultant,
    suzuki: Consultant,
) -> None:  # fmt: skip
    li = Person(telegram, next(numbers), language="zh-hans")
    topic = await opened(li, group, "李先生的事 qwxz 请看")
    sato.send("/say enrol", topic.thread)
    await sato.finds(topic.thread, "Which answer?")
    sato.press("nhi.enrol ", topic.thread)
    await sato.finds(topic.thread, "within 14 days", "14天")
    suzuki.press("Send it", topic.thread)
    await suzuki.finds(topic.thread, "Only the one who asked")
    sato.press("Send it", topic.thread)
    await li.hears("14天")


async def test_two_consultants_answer_at_once(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant,
    suzuki: Consultant,
) -> None:  # fmt: skip
    topic = await opened(resident, group, "my own case")
    for number in range(5):
        sato.send(f"sato {number}", topic.thread)
        suzuki.send(f"suzuki {number}", topic.thread)
    heard = [(await resident.hears("👤")).text for _ in range(10)]
    assert [one for one in heard if "sato" in one] == [f"👤 sato {n}" for n in range(5)]
    assert [one for one in heard if "suzuki" in one] == [f"👤 suzuki {n}" for n in range(5)]
    await until(telegram, lambda: "Sato" in topic.name)


async def test_a_blocked_bot_is_told_in_the_ticket(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    resident.block()
    await sato.finds(topic.thread, "has stopped the bot")
    number = sato.send("are you there?", topic.thread)
    await until(
        telegram,
        lambda: any(one.reply_to == number for one in topic.messages if one.of_bot),
    )
    resident.unblock()
    resident.send("I am back")
    await sato.finds(topic.thread, "I am back")


async def test_a_deleted_topic_is_made_anew_and_nothing_is_lost(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    group.delete_topic(topic.thread)
    resident.send("is anybody there")
    await until(telegram, lambda: bool(_alive(group, topic)))
    (anew,) = _alive(group, topic)
    await sato.finds(anew.thread, "is anybody there")
    await sato.finds(anew.thread, "topic of this consultation was deleted")
    await sato.finds(anew.thread, "Writes: English")
    sato.send("yes", anew.thread)
    await resident.hears("👤 yes")


def _alive(group: StaffGroup, topic: Topic) -> list[Topic]:
    number = topic.name.split(" ")[0] + " "
    return [one for one in group.topics.values() if one.name.startswith(number) and not one.deleted]


async def test_a_masked_caption_stays_masked_in_a_new_topic(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    video = resident.send_media("video", caption="look")
    await sato.finds(topic.thread, "look")
    group.delete_topic(topic.thread)
    resident.edit_caption(video, "look 123456789018")
    await until(telegram, lambda: bool(_alive(group, topic)))
    (anew,) = _alive(group, topic)
    shown = await sato.finds(anew.thread, "look")
    assert "123456789018" not in shown.text


async def test_a_residents_own_message_cannot_be_withdrawn(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    number = resident.send("keep this")
    shown = await sato.finds(topic.thread, "keep this")
    sato.send("/delete", reply_to=shown.id)
    await sato.finds(topic.thread, "Not withdrawn")
    assert not telegram.messages[resident.id, number].deleted


async def test_a_closed_topic_is_written_to_all_the_same(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    group.close_topic(topic.thread)
    resident.send("one more thing")
    await sato.finds(topic.thread, "one more thing")


async def test_the_resident_returns_after_closing(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    sato.send("/close", topic.thread)
    await resident.hears("is closed", "Did it help you?")
    resident.press("5 ★")
    await resident.hears("say why")
    resident.send("quick and kind")
    await resident.hears("Thank you")
    await sato.finds(topic.thread, "quick and kind")
    await until(telegram, lambda: "closed" in topic.name)
    resident.send("how do i join national health insurance")
    await resident.hears("14 days")
    resident.send("/human")
    await resident.hears("go on with it")
    resident.press("Go on")
    await resident.hears("goes on")
    resident.send("it is me again")
    await sato.finds(topic.thread, "it is me again")
    assert _alive(group, topic) == [topic]


async def test_a_dialog_is_offered_and_answered_by_the_resident(
    group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    sato.send("/offer premium_due", topic.thread)
    await resident.hears("suggests that you work this out")
    resident.press("▶")
    await resident.hears("In which city")
    resident.send("Hino City")
    await resident.hears("Which year")
    assert not any(one.text == "Hino City" for one in topic.messages)


async def test_forget_erases_the_topic(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, bot: BotProcess
) -> None:
    topic = await opened(resident, group, "marker-to-erase")
    resident.send("/forget")
    asked = await resident.hears("erase")
    resident.press("Yes, erase")
    await resident.sees(asked, "is erased")
    await until(telegram, lambda: topic.deleted)
    await until(telegram, lambda: any("erased everything" in one.text for one in group.general))
    stored = sqlite3.connect(bot.database)
    assert "marker-to-erase" not in "\n".join(stored.iterdump())
    stored.close()


async def test_open_and_stats_in_general(
    group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    topic = await opened(resident, group, "my own case")
    sato.send("/open")
    await sato.finds(None, topic.name.split(" ")[0], "waiting since")
    sato.send("/stats")
    await sato.finds(None, "opened")
    sato.send("/close")
    await sato.finds(None, "belongs in the topic")


async def test_outsiders_and_made_up_buttons_do_nothing(
    telegram: FakeTelegram, group: StaffGroup, resident: Person, sato: Consultant
) -> None:
    """Somebody who left, somebody who was never in, and a resident with the bot's own payloads."""
    topic = await opened(resident, group, "my own case")
    card = await sato.finds(topic.thread, "waiting since")
    outsider = Consultant(telegram, group, next(numbers), "Outsider", member=False)
    outsider.press("I take it", topic.thread, card)
    outsider.send("/close", topic.thread)
    other = Person(telegram, next(numbers))
    other.send("/start")
    heard = await other.hears()
    number = topic.name.split(" ")[0].strip("#")
    for payload in (f"desk:{number}:claim", f"end:{number}", f"desk:{number}:send:1", "missed:1:"):
        telegram.press(other.id, heard, payload, "B", "en")
    other.send("/claim")
    await other.hears("")
    sato.send("here I am", topic.thread)
    await resident.hears("👤 here I am")
    assert not any("Outsider" in one.text for one in topic.messages if one.of_bot)


async def test_an_anonymous_administrator_is_a_consultant(
    group: StaffGroup, resident: Person
) -> None:
    topic = await opened(resident, group, "my own case")
    group.send_as_group("from the administration", topic.thread)
    await resident.hears("👤 from the administration")


async def test_faults_on_the_way_lose_and_double_nothing(
    telegram: FakeTelegram, group: StaffGroup, sato: Consultant, bot: BotProcess
) -> None:
    """429 bursts, 500, applied and then dropped, updates that come twice; topics made once."""
    faults = telegram.faults
    faults.too_many, faults.server_error, faults.repeated_updates = 0.2, 0.1, 0.1
    faults.lost_topic = 0.5
    try:
        people = [Person(telegram, next(numbers)) for _ in range(4)]
        topics = await asyncio.gather(
            *(opened(one, group, f"case of {one.id}", seconds=120) for one in people)
        )
        for number in range(4):
            for person, topic in zip(people, topics, strict=True):
                person.send(f"from {person.id} number {number}")
                sato.send(f"to {person.id} number {number}", topic.thread)
        for person, topic in zip(people, topics, strict=True):
            for number in range(4):
                await sato.finds(topic.thread, f"from {person.id} number {number}", seconds=120)
            wanted = [f"👤 to {person.id} number {number}" for number in range(4)]
            await telegram.until(lambda w=wanted, p=person: _said(telegram, p) == w, 120)  # type: ignore[misc]
            assert _alive(group, topic) == [topic]
            said = [one.text for one in topic.messages if one.text.startswith("from ")]
            assert said == [f"from {person.id} number {number}" for number in range(4)]
    finally:
        faults.too_many = faults.server_error = faults.repeated_updates = faults.lost_topic = 0


def _said(telegram: FakeTelegram, person: Person) -> list[str]:
    return [one.text for one in telegram.to(person.id) if one.text.startswith("👤")]


async def test_neither_words_nor_names_reach_the_logs(
    telegram: FakeTelegram, group: StaffGroup, bot: BotProcess
) -> None:
    person = Person(telegram, next(numbers), name="Marker-Name")
    consultant = Consultant(telegram, group, 79, "Marker-Consultant")
    topic = await opened(person, group, "marker-question")
    consultant.send("marker-answer", topic.thread)
    await person.hears("marker-answer")
    said = bot.said()
    for secret in ("marker", "Marker", str(GROUP), str(person.id)):
        assert secret not in said, secret


# --- a bot of their own ------------------------------------------------------------------------


@pytest_asyncio.fixture(loop_scope="module")
async def other(
    tmp_path: Path,
) -> AsyncIterator[tuple[FakeTelegram, Callable[..., BotProcess]]]:
    """A Telegram and bots of one test, stopped at the end."""
    fake = FakeTelegram()
    await fake.start()
    bots: list[BotProcess] = []

    def start(staff: str) -> BotProcess:
        bots.append(BotProcess(tmp_path, fake.url, staff=staff))
        bots[-1].start()
        return bots[-1]

    yield fake, start
    for one in bots:
        assert one.stop() == 0, one.said()[-2000:]
    await fake.stop()
    assert fake.complaints == []


Other = tuple[FakeTelegram, Callable[[str], BotProcess]]


async def test_outside_office_hours_and_on_a_holiday_it_says_when(other: Other) -> None:
    telegram, start = other
    group = StaffGroup(telegram, GROUP)
    today = datetime.now(JAPAN).date()
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    hours = "".join(f"    {day}: 0:00-24:00\n" for day in days)
    start(f"{OPEN_ALWAYS.split('  hours')[0]}  hours:\n{hours}  closed_days: [{today}]\n")
    person = Person(telegram, 1)
    person.send("/human")
    await person.hears("They do not work on", "They are not at work now", "12:00")
    person.press("Yes")
    await person.hears("write your question")
    person.send("my own case")
    await person.hears("has the number", "They are not at work now")
    assert await topic_of(group, person)


async def test_rights_lost_and_topics_off_are_told_and_mended(other: Other) -> None:
    """The resident is told that it has not arrived; nothing is lost."""
    telegram, start = other
    group = StaffGroup(telegram, GROUP, forum=False)
    sato = Consultant(telegram, group, 71, "Sato")
    start(OPEN_ALWAYS)
    person = Person(telegram, 1)
    person.send("/human")
    await person.hears("A person can help")
    person.press("Yes")
    await person.hears()
    person.send("is anybody there")
    await person.hears("has the number")
    await person.hears("has not reached them yet")
    await sato.finds(None, "has no topics")
    group.switch_topics_on()
    group.take_rights("can_manage_topics")
    await sato.finds(None, "I lack a right")
    group.give_rights("can_manage_topics")
    topic = await topic_of(group, person)
    await sato.finds(topic.thread, "is anybody there")
    group.kick_bot()
    number = person.send("and now?")
    await person.hears("has not reached them yet")
    group.add_bot()
    await sato.finds(topic.thread, "and now?")
    await telegram.until(lambda: person.reaction(number) == "👀")


async def test_a_group_that_moves_is_followed(other: Other) -> None:
    """Before the bot hears of it, and after; words in both directions arrive, topics stay."""
    telegram, start = other
    group = StaffGroup(telegram, -4321)
    sato = Consultant(telegram, group, 71, "Sato")
    bot = start(OPEN_ALWAYS.replace(str(GROUP), "-4321"))
    person = Person(telegram, 1)
    topic = await opened(person, group, "my own case")
    group.migrate(-1009999)
    person.send("qwxz the move")
    await sato.finds(topic.thread, "qwxz the move")
    sato.send("I hear you", topic.thread)
    await person.hears("👤 I hear you")
    assert bot.stop() == 0
    bot.start()
    person.send("after a restart")
    await sato.finds(topic.thread, "after a restart")
    other_person = Person(telegram, 2)
    second = await opened(other_person, group, "qwxz in the new group")
    await sato.finds(second.thread, "qwxz in the new group")
    assert _alive(group, topic) == [topic]


async def test_desks_by_place(other: Other) -> None:
    telegram, start = other
    main, hino = StaffGroup(telegram, GROUP), StaffGroup(telegram, -1002)
    start(OPEN_ALWAYS + "  desks:\n    - {chat_id: -1002, places: [tokyo_hino]}\n")
    person, neighbour = Person(telegram, 1), Person(telegram, 2)
    person.send("/place")
    await person.hears("Where do you live")
    person.press("Hino")
    await person.hears()
    await opened(person, hino, "my own case")
    await opened(neighbour, main, "my own case")
    assert len(hino.topics) == len(main.topics) == 1


async def test_a_digest_comes_once_a_day(other: Other) -> None:
    telegram, start = other
    group = StaffGroup(telegram, GROUP)
    bot = start(OPEN_ALWAYS.replace("23:59", "0:00"))
    await telegram.until(lambda: any("The last 1 days" in one.text for one in group.general))
    assert bot.stop() == 0
    bot.start()
    person = Person(telegram, 1)
    await opened(person, group, "my own case")
    assert sum("The last 1 days" in one.text for one in group.general) == 1
