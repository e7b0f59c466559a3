"""From messages to calls: HTML escaped in one place, long texts split between paragraphs.

Calls for a staff group name their targets: the topic of a consultation, its card, the copy of a
message. They are resolved when they are sent; see `bot.channels.telegram.staff`.
"""

import json
from collections.abc import Callable, Iterator
from html import escape
from typing import assert_never

from bot.core.consultation.shapes import PERSON_SIGN, Ticket
from bot.core.effects import (
    EraseTopic,
    ForStaff,
    MirrorEdit,
    NameTopic,
    Relay,
    RelayMedia,
    RelayText,
    ShowCard,
    Withdraw,
)
from bot.core.message import Button, Message, Paragraph, Span
from bot.service.conversing import Reply
from bot.storage import Call, Follow, Waiting
from bot.storage import Relay as Passing

LIMIT = 4096
"""UTF-16 units of one message, after the marks are taken away."""

RECEIVED_SIGN = "👀"
"""The reaction to a message that is with the consultants."""

EDITABLE = ("animation", "audio", "document", "photo", "video")
"""Media that Telegram lets be exchanged in a message."""

Payload = dict[str, object]


class TelegramRenderer:
    """A `Renderer` for private chats and staff groups; `current` is a group's number today."""

    def __init__(self, current: Callable[[int], int] = lambda chat: chat) -> None:
        self._current = current

    def render(self, reply: Reply, waiting: Waiting) -> tuple[Call, ...]:
        """One call a message; the first may take the place of the one whose button was pressed."""
        chat = int(waiting.conversation)
        edit = getattr(waiting.event, "message", None) if reply.turn.in_place else None
        calls: list[Call] = []
        for effect, message in reply.said:
            if isinstance(effect, Relay):
                calls += _pass_on(effect, chat, self._current(effect.ticket.chat))
            elif message is not None and isinstance(effect, ForStaff):
                calls += self._for_staff(effect, message)
            elif message is not None:
                calls += _calls(chat, message, edit)
                edit = None
        return tuple(calls)

    def render_text(self, text: str, chat: int) -> tuple[Call, ...]:
        """A plain sentence."""
        return (_send(self._current(chat), escape(text, quote=False), ()),)

    def _for_staff(self, effect: ForStaff, message: Message) -> Iterator[Call]:
        if isinstance(effect, ShowCard | NameTopic):
            case = effect.case
            chat = self._current(case.chat)
            if isinstance(effect, NameTopic):
                yield _name_topic(chat, case.number, message.text)
            else:
                yield _card(chat, case.number, message)
            return
        chat, number = self._current(effect.ticket.chat), effect.ticket.number
        target = _in_topic(number) if number else {}
        reply_to = getattr(effect, "reply_to", None)
        if reply_to is not None:
            target["reply_parameters"] = _reply(reply_to)
        for call in _calls(chat, message, None):
            yield Call(chat=chat, method=call.method, payload=call.payload | target)


def _name_topic(chat: int, number: int, title: str) -> Call:
    payload: Payload = {"chat_id": chat, "name": title, **_in_topic(number)}
    return Call(chat=chat, method="editForumTopic", payload=payload, key=f"title:{number}")


def _card(chat: int, number: int, message: Message) -> Call:
    """One message: what is too long for it is cut, since the topic holds it all."""
    text = html(split(message.paragraphs)[0])
    payload = _payload(chat, text, message.buttons) | _in_topic(number)
    payload["message_id"] = {"card_of": number}
    return Call(
        chat=chat, method="editMessageText", payload=payload, key=f"card:{number}",
        follow=Follow(card=number),
    )  # fmt: skip


def _pass_on(effect: Relay, resident: int, group: int) -> Iterator[Call]:
    match effect:
        case RelayText():
            yield _relay_text(effect, resident, group)
        case RelayMedia():
            yield from _relay_media(effect, resident, group)
        case MirrorEdit():
            yield _mirror(effect, resident, group)
        case Withdraw():
            passing = _passing(effect.ticket, "resident", (), resident, group)
            copy = _copy(group, effect.message) | {"asked": effect.asked}
            payload: Payload = {"chat_id": resident, "message_id": copy}
            yield Call(
                chat=resident, method="deleteMessage", payload=payload,
                follow=Follow(relay=passing),
            )  # fmt: skip
        case EraseTopic():
            payload = {"chat_id": group, **_in_topic(effect.ticket.number)}
            yield Call(chat=group, method="deleteForumTopic", payload=payload)
        case _:
            assert_never(effect)


def _relay_text(effect: RelayText, resident: int, group: int) -> Call:
    chat, source = (group, resident) if effect.to == "staff" else (resident, group)
    payload: Payload = {"chat_id": chat, **_text_of(effect), **_target(effect, source)}
    messages = () if effect.message is None else (effect.message,)
    return Call(
        chat=chat, method="sendMessage", payload=payload,
        follow=_follow(effect, messages, resident, group),
    )  # fmt: skip


def _text_of(effect: RelayText | MirrorEdit) -> Payload:
    """The words as they were written, bold and links too; before a consultant's stands a sign."""
    text = effect.text
    if effect.to == "resident" and units(PERSON_SIGN + text) <= LIMIT:
        text = PERSON_SIGN + text
    moved = units(text) - units(effect.text)
    marks = json.loads(effect.marks) if effect.marks else []
    payload: Payload = {"text": text, "link_preview_options": {"is_disabled": True}}
    if marks:
        payload["entities"] = [one | {"offset": one["offset"] + moved} for one in marks]
    return payload


def _relay_media(effect: RelayMedia, resident: int, group: int) -> Iterator[Call]:
    """One copy, or all of an album in one call; that loses captions where one had to be masked."""
    chat, source = (group, resident) if effect.to == "staff" else (resident, group)
    numbers = tuple(one.message for one in effect.media)
    first = effect.media[0]
    captions = [one.caption for one in effect.media if one.caption is not None]
    payload: Payload = {"chat_id": chat, "from_chat_id": source}
    follow = _follow(effect, numbers, resident, group)
    if len(numbers) == 1:
        payload |= {"message_id": first.message, **_target(effect, source, first.reply_to)}
        if captions:
            payload["caption"] = captions[0]
        yield Call(chat=chat, method="copyMessage", payload=payload, follow=follow)
        return
    target = _target(effect, source)
    payload |= {"message_ids": list(numbers), **target}
    if captions:
        payload["remove_caption"] = True
    yield Call(chat=chat, method="copyMessages", payload=payload, follow=follow)
    for caption in captions:
        payload = {"chat_id": chat, "text": caption, **target}
        yield Call(chat=chat, method="sendMessage", payload=payload)


def _mirror(effect: MirrorEdit, resident: int, group: int) -> Call:
    chat, source = (group, resident) if effect.to == "staff" else (resident, group)
    payload: Payload = {
        "chat_id": chat,
        "message_id": _copy(source, effect.message),
        **_target(effect, source),
    }
    method = "editMessageText"
    if effect.kind == "text":
        payload |= _text_of(effect)
    elif effect.kind in EDITABLE and effect.file is not None:
        method = "editMessageMedia"
        payload["media"] = {"type": effect.kind, "media": effect.file, "caption": effect.text}
    else:
        method = "editMessageCaption"
        payload["caption"] = effect.text
    follow = Follow(relay=_passing(effect.ticket, effect.to, (effect.message,), resident, group))
    return Call(chat=chat, method=method, payload=payload, follow=follow)


def _follow(
    effect: RelayText | RelayMedia, messages: tuple[int, ...], resident: int, group: int
) -> Follow:
    """Links; and the resident sees a quiet sign once the consultants have it."""
    passing = _passing(effect.ticket, effect.to, messages, resident, group)
    if effect.to == "resident" or not messages:
        return Follow(relay=passing)
    payload: Payload = {
        "chat_id": resident,
        "message_id": messages[0],
        "reaction": [{"type": "emoji", "emoji": RECEIVED_SIGN}],
    }
    sign = Call(chat=resident, method="setMessageReaction", payload=payload)
    return Follow(relay=passing, then=(sign,))


def _passing(
    ticket: Ticket, to: str, messages: tuple[int, ...], resident: int, group: int
) -> Passing:
    to_staff = to == "staff"
    return Passing(
        conversation=str(resident),
        case=ticket.number,
        to="staff" if to_staff else "resident",
        from_chat=resident if to_staff else group,
        to_chat=group if to_staff else resident,
        messages=messages,
    )


def _target(effect: Relay, source: int, reply_to: int | None = None) -> Payload:
    """Into the topic, if it goes to the consultants; in reply to what was replied to."""
    target = _in_topic(effect.ticket.number) if getattr(effect, "to", "") == "staff" else {}
    replied = reply_to or getattr(effect, "reply_to", None)
    if replied is not None:
        target["reply_parameters"] = {**_reply(0), "message_id": _copy(source, replied)}
    return target


def _in_topic(number: int) -> Payload:
    return {"message_thread_id": {"topic_of": number}}


def _copy(chat: int, message: int) -> Payload:
    return {"copy_of": [chat, message]}


def _reply(message: int) -> Payload:
    return {"message_id": message, "allow_sending_without_reply": True}


def _calls(chat: int, message: Message, edit: int | None) -> list[Call]:
    if message.file is not None:
        payload = _payload(chat, html(message.paragraphs), message.buttons)
        payload["caption"] = payload.pop("text")
        del payload["link_preview_options"]
        payload["document"] = {"name": message.file.name, "content": message.file.content}
        return [Call(chat=chat, method="sendDocument", payload=payload)]
    parts = split(message.paragraphs)
    texts = [html(part) for part in parts]
    if edit is not None and len(texts) == 1:
        payload = _payload(chat, texts[0], message.buttons) | {"message_id": edit}
        return [Call(chat=chat, method="editMessageText", payload=payload)]
    last = len(texts) - 1
    return [
        _send(chat, text, message.buttons if index == last else ())
        for index, text in enumerate(texts)
    ]


def _send(chat: int, text: str, buttons: tuple[tuple[Button, ...], ...]) -> Call:
    return Call(chat=chat, method="sendMessage", payload=_payload(chat, text, buttons))


def _payload(chat: int, text: str, buttons: tuple[tuple[Button, ...], ...]) -> Payload:
    payload: Payload = {
        "chat_id": chat,
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    if buttons:
        rows = [[{"text": one.label, "callback_data": one.payload} for one in row]
                for row in buttons]  # fmt: skip
        payload["reply_markup"] = {"inline_keyboard": rows}
    return payload


def html(paragraphs: tuple[Paragraph, ...]) -> str:
    """Paragraphs as Telegram's HTML: the only place where text meets markup."""
    return "\n\n".join("".join(_span(span) for span in part) for part in paragraphs)


def _span(span: Span) -> str:
    text = escape(span.text, quote=False)
    if span.bold:
        text = f"<b>{text}</b>"
    return f'<a href="{escape(span.link)}">{text}</a>' if span.link else text


def split(paragraphs: tuple[Paragraph, ...]) -> list[tuple[Paragraph, ...]]:
    """Paragraphs in as few messages as fit; one that is too long alone is cut."""
    parts: list[list[Paragraph]] = [[]]
    filled = 0
    for paragraph in (piece for whole in paragraphs for piece in _pieces(whole)):
        length = units("".join(span.text for span in paragraph))
        if parts[-1] and filled + 2 + length > LIMIT:
            parts.append([])
            filled = 0
        filled += length + (2 if parts[-1] else 0)
        parts[-1].append(paragraph)
    return [tuple(part) for part in parts]


def _pieces(paragraph: Paragraph) -> list[Paragraph]:
    if units("".join(span.text for span in paragraph)) <= LIMIT:
        return [paragraph]
    text = "".join(span.text for span in paragraph)
    step = LIMIT // 2  # so many characters are never more units than fit
    return [(Span(text=text[start : start + step]),) for start in range(0, len(text), step)]


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2
