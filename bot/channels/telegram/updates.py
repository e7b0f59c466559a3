"""From a raw update to an event: only the fields that we use, masked and mended.

Raw, because Telegram adds kinds of messages faster than any library, and one update that cannot
be parsed must never stop the others.
"""

import json
import re
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.core.consultation.shapes import ANYBODY, Consultant
from bot.core.events import (
    ButtonPressed,
    CommandGiven,
    DeliveryFailed,
    Event,
    GroupJoined,
    MediaSent,
    TextSaid,
)
from bot.core.privacy import mask, mend
from bot.storage import Incoming

Raw = dict[str, Any]

MEDIA = (
    "animation", "audio", "contact", "dice", "document", "game", "location", "photo", "poll",
    "sticker", "story", "venue", "video", "video_note", "voice",
)  # fmt: skip
LOOKS = (
    "blockquote", "bold", "code", "italic", "pre", "spoiler", "strikethrough", "text_link",
    "underline",
)  # fmt: skip
_NUMBERED = re.compile(r"#([0-9]{1,15})(?: |$)")
WRITTEN = ("file_name", "first_name", "last_name", "vcard", "title", "address", "question")
LONGEST_PAYLOAD = 64
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An update as it is to be stored, and the button press that must be answered at once.

    `member` is who must be a member of the staff group for this to count, `moved` the old and new
    number of a group, `rights` a staff group in which the bot may do something else now.
    """

    incoming: Incoming
    button: str | None = None
    member: tuple[int, int] | None = None
    moved: tuple[int, int] | None = None
    rights: int | None = None


def read_update(raw: Raw, now: datetime, groups: Container[int] = ()) -> Received:
    """Understand one update; one that cannot be understood is kept as its number and why.

    `groups` are the staff's.
    """
    number = int(raw["update_id"])
    try:
        return _read(raw, number, now, groups)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return Received(incoming=_nothing(number, type(error).__name__))


def _read(raw: Raw, number: int, now: datetime, groups: Container[int]) -> Received:
    for kind, read in _READERS.items():
        if kind in raw:
            return read(raw[kind], number, now, groups)
    return Received(incoming=_nothing(number, "unknown kind"))


def _read_message(message: Raw, number: int, now: datetime, groups: Container[int]) -> Received:
    chat = message["chat"]
    if "migrate_to_chat_id" in message:
        moved = (int(chat["id"]), int(message["migrate_to_chat_id"]))
        return Received(incoming=_nothing(number, "group moved"), moved=moved)
    if chat["type"] != "private":
        if chat["id"] in groups:
            return _read_staff(message, number, now)
        return Received(incoming=_nothing(number, "group"))
    event = _event_of(message, now)
    if event is None:
        return Received(incoming=_nothing(number, "service message"))
    return Received(incoming=_something(number, chat["id"], event))


def _event_of(message: Raw, now: datetime) -> TextSaid | CommandGiven | MediaSent | None:
    hint = message.get("from", {}).get("language_code")
    edited = "edit_date" in message
    text = message.get("text")
    if text is None:
        return _media_of(message, now, hint)
    masked = mask(mend(text))
    ours = not edited and "forward_origin" not in message
    if ours and text.startswith("/") and not text.startswith("//"):
        name, argument = [*masked.text[1:].split(maxsplit=1), "", ""][:2]
        name = name.partition("@")[0].lower()
        return CommandGiven(
            name=name, argument=argument, at=now, number=0, hint=hint,
            message=message["message_id"], reply_to=_reply_of(message), masked=bool(masked.kinds),
        )  # fmt: skip
    return TextSaid(
        text=masked.text,
        marks=_marks_of(message, masked.text),
        at=now,
        number=0,
        hint=hint,
        message=message["message_id"],
        reply_to=_reply_of(message),
        edited=edited,
        masked=bool(masked.kinds),
    )


def _marks_of(message: Raw, text: str) -> str | None:
    """The entities that are looks and links, if their positions still fit the text."""
    if len(text.encode("utf-16-le")) != len(message["text"].encode("utf-16-le", "surrogatepass")):
        return None
    entities = [
        {name: one[name] for name in ("type", "offset", "length", "url") if name in one}
        for one in message.get("entities", ())
        if one["type"] in LOOKS and not mask(one.get("url", "")).kinds
    ]
    return json.dumps(entities) if entities else None


def _media_of(message: Raw, now: datetime, hint: str | None) -> MediaSent | None:
    kind = next((one for one in MEDIA if one in message), None)
    if kind is None:
        return None
    content = message[kind]
    whole = content[-1] if isinstance(content, list) else content
    caption = mask(mend(message["caption"])) if "caption" in message else None
    return MediaSent(
        at=now,
        number=0,
        hint=hint,
        message=message["message_id"],
        reply_to=_reply_of(message),
        kind=kind,
        file=whole.get("file_id"),
        album=message.get("media_group_id"),
        caption=caption.text if caption else None,
        masked=bool(caption and caption.kinds),
        named=bool(mask(mend(_written_in(whole))).kinds),
        edited="edit_date" in message,
    )


def _written_in(content: Raw) -> str:
    """What somebody wrote into a file's name, a contact, a place or a poll."""
    lines = [str(content[name]) for name in WRITTEN if name in content]
    return "\n".join([*lines, *(str(one.get("text", "")) for one in content.get("options", ()))])


def _reply_of(message: Raw) -> int | None:
    """What a message replies to. In a topic everything replies to its beginning, by itself."""
    replied = message.get("reply_to_message", {}).get("message_id")
    return None if replied == message.get("message_thread_id") else replied


def _read_staff(message: Raw, number: int, now: datetime) -> Received:
    """What happens in a staff group: the bot's own topics, and what consultants do."""
    group = int(message["chat"]["id"])
    thread = message.get("message_thread_id") if message.get("is_topic_message") else None
    sender = message.get("from", {})
    made = message.get("forum_topic_created")
    if made is not None and sender.get("is_bot") and "sender_chat" not in message:
        incoming = replace(_nothing(number, "own topic"), thread=thread, found=_ticket(made))
        return Received(incoming=incoming)
    anonymous = message.get("sender_chat", {}).get("id") == group
    event = _event_of(message, now)
    if event is None or (sender.get("is_bot") and not anonymous):
        return Received(incoming=_nothing(number, "service message"))
    by = _consultant(sender)
    event = replace(event, by=replace(by, id=ANYBODY) if anonymous else by, group=group, hint=None)
    incoming = replace(_something(number, group, event), thread=thread)
    return Received(incoming=incoming, member=None if anonymous else (group, int(sender["id"])))


def _ticket(made: Raw) -> int | None:
    """The number that a topic's title begins with: #17 ..."""
    found = _NUMBERED.match(str(made.get("name", "")))
    return int(found[1]) if found else None


def _consultant(sender: Raw) -> Consultant:
    name = " ".join(filter(None, (sender.get("first_name"), sender.get("last_name"))))
    return Consultant(id=int(sender["id"]), name=mend(name)[:LONGEST_NAME])


def _read_button(query: Raw, number: int, now: datetime, groups: Container[int]) -> Received:
    """In a private chat, of the person whose chat it is; or in a staff group."""
    button = str(query["id"])
    message = query.get("message") or {}
    chat = message.get("chat", {})
    payload = mend(str(query.get("data", "")))[:LONGEST_PAYLOAD]
    event = ButtonPressed(
        payload=payload,
        at=now,
        number=0,
        hint=query["from"].get("language_code"),
        message=message.get("message_id") if message.get("date") else None,
    )
    if chat.get("type") != "private" and chat.get("id") in groups:
        group, sender = int(chat["id"]), query["from"]
        event = replace(event, by=_consultant(sender), group=group, hint=None)
        thread = message.get("message_thread_id") if message.get("is_topic_message") else None
        return Received(
            incoming=replace(_something(number, group, event), thread=thread),
            button=button,
            member=(group, int(sender["id"])),
        )
    if chat.get("type") != "private" or chat.get("id") != query["from"]["id"]:
        return Received(incoming=_nothing(number, "foreign button"), button=button)
    return Received(incoming=_something(number, chat["id"], event), button=button)


def _read_membership(change: Raw, number: int, now: datetime, groups: Container[int]) -> Received:
    """Added to a group: it is told its number. Stopped by a resident: consultants are told."""
    here = ("member", "administrator")
    chat = change["chat"]
    if chat["type"] == "private" and change["new_chat_member"]["status"] == "kicked":
        failed = DeliveryFailed(at=now, number=0, to="resident", reason="blocked")
        return Received(incoming=_something(number, chat["id"], failed))
    joined = (
        chat["type"] in ("group", "supergroup")
        and change["new_chat_member"]["status"] in here
        and change["old_chat_member"]["status"] not in here
    )
    if chat["id"] in groups:
        return Received(incoming=_nothing(number, "rights"), rights=int(chat["id"]))
    if not joined:
        return Received(incoming=_nothing(number, "membership"))
    group = int(chat["id"])
    hint = change["from"].get("language_code")
    event = GroupJoined(group=group, at=now, number=0, hint=hint)
    return Received(incoming=_something(number, group, event))


_READERS: dict[str, Callable[[Raw, int, datetime, Container[int]], Received]] = {
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
