"""From a raw update to an event: only the fields that we use, masked and mended.

Raw, because Telegram adds kinds of messages faster than any library, and one update that cannot
be parsed must never stop the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.core.events import ButtonPressed, CommandGiven, Event, GroupJoined, MediaSent, TextSaid
from bot.core.privacy import mask, mend
from bot.storage import Incoming

Raw = dict[str, Any]

MEDIA = (
    "animation", "audio", "contact", "dice", "document", "game", "location", "photo", "poll",
    "sticker", "story", "venue", "video", "video_note", "voice",
)  # fmt: skip
LONGEST_PAYLOAD = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An update as it is to be stored, and the button press that must be answered at once."""

    incoming: Incoming
    button: str | None = None


def read_update(raw: Raw, now: datetime) -> Received:
    """Understand one update; one that cannot be understood is kept as its number and why."""
    number = int(raw["update_id"])
    try:
        return _read(raw, number, now)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return Received(incoming=_nothing(number, type(error).__name__))


def _read(raw: Raw, number: int, now: datetime) -> Received:
    for kind, read in _READERS.items():
        if kind in raw:
            return read(raw[kind], number, now)
    return Received(incoming=_nothing(number, "unknown kind"))


def _read_message(message: Raw, number: int, now: datetime) -> Received:
    if message["chat"]["type"] != "private":
        return Received(incoming=_nothing(number, "group"))
    event = _event_of(message, now)
    if event is None:
        return Received(incoming=_nothing(number, "service message"))
    return Received(incoming=_something(number, message["chat"]["id"], event))


def _event_of(message: Raw, now: datetime) -> Event | None:
    hint = message.get("from", {}).get("language_code")
    edited = "edit_date" in message
    text = message.get("text")
    if text is None:
        media = any(kind in message for kind in MEDIA) and not edited
        return MediaSent(at=now, number=0, hint=hint) if media else None
    masked = mask(mend(text))
    if text.startswith("/") and not edited:
        name, _, argument = masked.text[1:].partition(" ")
        name = name.partition("@")[0].lower()
        return CommandGiven(name=name, argument=argument, at=now, number=0, hint=hint)
    return TextSaid(
        text=masked.text,
        at=now,
        number=0,
        hint=hint,
        message=message["message_id"],
        edited=edited,
        masked=bool(masked.kinds),
    )


def _read_button(query: Raw, number: int, now: datetime) -> Received:
    """Only in a private chat, and only of the person whose chat it is."""
    button = str(query["id"])
    message = query.get("message") or {}
    chat = message.get("chat", {})
    if chat.get("type") != "private" or chat.get("id") != query["from"]["id"]:
        return Received(incoming=_nothing(number, "foreign button"), button=button)
    payload = mend(str(query.get("data", "")))[:LONGEST_PAYLOAD]
    event = ButtonPressed(
        payload=payload,
        at=now,
        number=0,
        hint=query["from"].get("language_code"),
        message=message.get("message_id") if message.get("date") else None,
    )
    return Received(incoming=_something(number, chat["id"], event), button=button)


def _read_membership(change: Raw, number: int, now: datetime) -> Received:
    """Added to a group: it is told its number. Everything else needs no answer."""
    here = ("member", "administrator")
    joined = (
        change["chat"]["type"] in ("group", "supergroup")
        and change["new_chat_member"]["status"] in here
        and change["old_chat_member"]["status"] not in here
    )
    if not joined:
        return Received(incoming=_nothing(number, "membership"))
    group = int(change["chat"]["id"])
    hint = change["from"].get("language_code")
    event = GroupJoined(group=group, at=now, number=0, hint=hint)
    return Received(incoming=_something(number, group, event))


_READERS: dict[str, Callable[[Raw, int, datetime], Received]] = {
    "message": _read_message,
    "edited_message": _read_message,
    "callback_query": _read_button,
    "my_chat_member": _read_membership,
}


def _something(number: int, chat: int, event: Event) -> Incoming:
    return Incoming(update_id=number, conversation=str(chat), event=event)


def _nothing(number: int, why: str) -> Incoming:
    return Incoming(update_id=number, conversation=None, event=None, error=why)


def utc_now() -> datetime:
    """The clock of a running bot."""
    return datetime.now(UTC)
