"""From messages to calls: HTML escaped in one place, long texts split between paragraphs."""

from html import escape

from bot.core.message import Button, Message, Paragraph, Span
from bot.service.conversing import Reply
from bot.storage import Call, Waiting

LIMIT = 4096
"""UTF-16 units of one message, after the marks are taken away."""

Payload = dict[str, object]


class TelegramRenderer:
    """A `Renderer` for private chats."""

    def render(self, reply: Reply, waiting: Waiting) -> tuple[Call, ...]:
        """One call a message; the first may take the place of the one whose button was pressed."""
        chat = int(waiting.conversation)
        calls: list[Call] = []
        for message in reply.messages:
            edit = getattr(waiting.event, "message", None) if reply.turn.in_place else None
            calls += _calls(chat, message, edit if not calls else None)
        return tuple(calls)

    def render_text(self, text: str, waiting: Waiting) -> tuple[Call, ...]:
        """A plain sentence."""
        chat = int(waiting.conversation)
        return (_send(chat, escape(text, quote=False), ()),)


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
