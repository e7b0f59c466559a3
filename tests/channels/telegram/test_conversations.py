"""People talk with the real process through the Bot API."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import yaml

from tests.bot_process import BotProcess
from tests.fake_telegram import TOKEN, FakeTelegram, Person

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("telegram")]
CASES = yaml.safe_load((Path(__file__).parent / "conversations.yaml").read_text("utf-8"))
numbers = itertools.count(1000)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[FakeTelegram]:
    fake = FakeTelegram()
    await fake.start()
    yield fake
    await fake.stop()
    assert fake.complaints == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(
    telegram: FakeTelegram, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    process = BotProcess(tmp_path_factory.mktemp("bot"), telegram.url, debug=True)
    process.start()
    yield process
    assert process.stop() == 0, process.said()[-2000:]


@pytest.fixture
def person(telegram: FakeTelegram, bot: BotProcess) -> Person:
    return Person(telegram, next(numbers))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
async def test_a_conversation(case: dict[str, Any], person: Person) -> None:
    person.language = case["language"]
    last = None
    for step in case["steps"]:
        if "say" in step:
            person.send(step["say"])
        if "press" in step:
            person.press(step["press"])
        if "hears" in step:
            last = await person.hears(*step["hears"])
        if "sees" in step:
            assert last is not None
            await person.sees(last, *step["sees"])


async def test_commands_and_description_are_told_in_every_language(
    telegram: FakeTelegram, person: Person
) -> None:
    person.send("/start")
    await person.hears()
    assert {"commands", "commands ja", "commands zh", "short", "long ja"} <= set(telegram.profile)


async def test_every_button_press_is_answered_at_once(
    telegram: FakeTelegram, person: Person
) -> None:
    person.send("/start nhi-enrol")
    await person.hears()
    query = person.press("Topics")
    await telegram.until(lambda: query in telegram.answered, 5)


async def test_an_edit_of_the_last_question_is_asked_again(person: Person) -> None:
    first = person.send("qwxz vbnm")
    await person.hears("did not understand")
    second = person.send("zzzz qqqq")
    await person.hears()
    person.edit(first, "督促状")
    person.edit(second, "how do i join national health insurance")
    await person.hears("14 days")


async def test_media_get_one_kind_answer(person: Person) -> None:
    for kind in ("photo", "voice", "sticker", "document", "location", "video_note"):
        person.send_media(kind)
        await person.hears("I can read text only")


async def test_groups_get_silence_and_their_number(telegram: FakeTelegram, person: Person) -> None:
    group = -100200300
    telegram.known.add(group)
    chat = {"id": group, "type": "supergroup", "title": "Staff"}
    someone = {"id": person.id, "is_bot": False, "first_name": "A", "language_code": "en"}
    telegram.add_update(
        "my_chat_member",
        {
            "chat": chat,
            "from": someone,
            "date": 1,
            "old_chat_member": {"status": "left", "user": {}},
            "new_chat_member": {"status": "member", "user": {}},
        },
    )
    message = {"message_id": 5, "date": 1, "chat": chat, "from": someone, "text": "/start"}
    telegram.add_update("message", message)
    person.send("/start")
    await person.hears()
    await telegram.until(lambda: len(telegram.to(group)) == 1)
    assert str(group) in telegram.to(group)[0].text


async def test_odd_updates_never_stop_the_loop(telegram: FakeTelegram, person: Person) -> None:
    telegram.add_update("message", {"message_id": 1})
    telegram.add_update("message", {"chat": 5, "text": []})
    telegram.add_update("callback_query", {"id": "1", "from": {"id": 1}, "data": 5})
    telegram.add_update("my_chat_member", {})
    person.send("broken \ud83d surrogate and \x00 nul")
    await person.hears()


async def test_a_foreign_button_does_nothing(telegram: FakeTelegram, person: Person) -> None:
    """Somebody presses a button with data that they made up, or of somebody else's chat."""
    person.send("/forget")
    asked = await person.hears("erase")
    other = Person(telegram, next(numbers))
    other.send("/start")
    await other.hears()
    (_, data) = asked.buttons[0]
    telegram.press(other.id, other._heard()[0], data, "B", "en")
    await other.hears("no longer works")
    for made_up in ("v1:../../x", "now:1:forget", "answer:" + "x" * 80, "\xff" * 64):
        telegram.press(other.id, other._heard()[0], made_up, "B", "en")
        await other.hears()


async def test_a_blocked_bot_goes_on_with_the_others(
    telegram: FakeTelegram, person: Person
) -> None:
    other = Person(telegram, next(numbers))
    telegram.blocked.add(person.id)
    person.send("/start")
    other.send("/start")
    await other.hears("Hello")


async def test_neither_text_nor_names_nor_the_token_reach_the_logs(
    telegram: FakeTelegram, bot: BotProcess
) -> None:
    """At DEBUG, with errors on the way."""
    person = Person(telegram, next(numbers), name="Marker-Name")
    telegram.faults.server_error = 0.5
    try:
        for _ in range(5):
            person.send("marker-text how do i join national health insurance")
            await person.hears()
    finally:
        telegram.faults.server_error = 0
    said = bot.said()
    assert "decided" in said
    for secret in ("marker-text", "Marker-Name", TOKEN, TOKEN[10:], str(person.id)):
        assert secret not in said, secret


async def test_a_second_bot_on_the_same_database_says_so_and_ends(
    telegram: FakeTelegram, bot: BotProcess, person: Person
) -> None:
    person.send("/start")
    await person.hears()
    second = BotProcess(bot.folder, telegram.url)
    second.start()
    assert second.process is not None
    assert await asyncio.to_thread(second.process.wait, 20) == 1
    assert "another bot is running on this database" in bot.said()
    person.send("/start")
    await person.hears()


async def test_a_second_bot_with_the_same_token_says_so_and_ends(
    telegram: FakeTelegram, bot: BotProcess, person: Person, tmp_path: Path
) -> None:
    """The first one goes on."""
    person.send("/start")
    await person.hears()
    second = BotProcess(tmp_path, telegram.url)
    second.start()
    assert second.process is not None
    assert await asyncio.to_thread(second.process.wait, 30) == 1
    assert "already running with this token" in second.said()
    person.send("/start")
    await person.hears()


async def test_a_calendar_file_and_reminders(person: Person) -> None:
    """The days of a result as a file that a phone imports, and as reminders that can be removed."""
    person.send("/start premium_due")
    await person.hears("In which city")
    person.send("Hino City")
    await person.hears("Which year")
    person.press("This fiscal year")
    person.send("120000")
    await person.hears("13,360 yen")
    person.press("Calendar file")
    sent = await person.hears("adds the days to its calendar")
    assert sent.file is not None
    name, content = sent.file
    assert name == "premium_due.ics"
    assert content.startswith("BEGIN:VCALENDAR")
    assert "DTSTART;VALUE=DATE:20270331" in content


async def test_who_floods_the_bot_is_told_and_delays_nobody(tmp_path: Path) -> None:
    fake = FakeTelegram()
    await fake.start()
    process = BotProcess(tmp_path, fake.url, patience=5)
    process.start()
    try:
        flooder, other = Person(fake, 1), Person(fake, 2)
        flooder.language = "ja"
        for _ in range(300):
            flooder.send("督促状")
        other.send("how much is the premium")
        await other.hears("premium")
        await fake.until(lambda: len(fake.to(1)) >= 6, 20)
        texts = [one.text for one in fake.to(1)]  # the burst, and the notice
        assert ["1分ほど待って" in text for text in texts] == [False] * 5 + [True]
        assert fake.complaints == []
    finally:
        assert process.stop() == 0, process.said()[-2000:]
        await fake.stop()
