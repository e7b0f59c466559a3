"""What is read of an update, whatever stands in it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram.updates import read_update
from bot.core.events import CommandGiven, MediaSent, TextSaid

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GROUP = -100


def private(text: str, **other: Any) -> dict[str, Any]:
    sender = {"id": 5, "is_bot": False, "first_name": "A"}
    chat = {"id": 5, "type": "private"}
    message = {"message_id": 1, "date": 1, "from": sender, "chat": chat, "text": text}
    return {"update_id": 1, "message": message | other}


@pytest.mark.parametrize("name", ["#99999999999999999999 x", "#1٣ x", "#17"])
@pytest.mark.parametrize("anonymous", [True, False])
def test_a_topic_that_somebody_made_is_not_ours(name: str, anonymous: bool) -> None:
    """An anonymous administrator is a bot to Telegram; a number is one that we could have given."""
    message = {
        "message_id": 1, "date": 1, "from": {"id": 1087968824, "is_bot": True, "first_name": "G"},
        "chat": {"id": GROUP, "type": "supergroup"}, "message_thread_id": 7,
        "is_topic_message": True, "forum_topic_created": {"name": name},
    }  # fmt: skip
    if anonymous:
        message["sender_chat"] = {"id": GROUP, "type": "supergroup"}
    found = read_update({"update_id": 1, "message": message}, NOW, (GROUP,)).incoming.found
    assert found == (17 if name == "#17" and not anonymous else None)


def test_an_argument_may_stand_on_a_new_line() -> None:
    event = read_update(private("/note\nshe calls\nat 3"), NOW).incoming.event
    assert isinstance(event, CommandGiven)
    assert (event.name, event.argument) == ("note", "she calls\nat 3")


def test_a_command_that_is_passed_on_is_only_words() -> None:
    event = read_update(private("/forget", forward_origin={"type": "user"}), NOW).incoming.event
    assert isinstance(event, TextSaid)


@pytest.mark.parametrize(
    "content",
    [
        {"contact": {"first_name": "My Number 123456789012", "phone_number": "1"}},
        {"poll": {"question": "which?", "options": [{"text": "123456789018"}]}},
        {"venue": {"title": "4111 1111 1111 1111", "address": "Hino"}},
        {"document": {"file_id": "f", "file_name": "1234_5678_9018.pdf"}},
    ],
)
def test_a_number_written_into_something_else_is_noticed(content: dict[str, Any]) -> None:
    update = private("", **content)
    del update["message"]["text"]
    event = read_update(update, NOW).incoming.event
    assert isinstance(event, MediaSent)
    assert event.named


def test_a_link_with_a_number_in_it_is_no_link_any_more() -> None:
    link = {"type": "text_link", "offset": 0, "length": 4, "url": "http://x/?n=123456789018"}
    event = read_update(private("here", entities=[link]), NOW).incoming.event
    assert isinstance(event, TextSaid)
    assert event.marks is None


def test_an_empty_list_is_kept_as_not_understood() -> None:
    update = private("", photo=[])
    del update["message"]["text"]
    assert read_update(update, NOW).incoming.error == "IndexError"
