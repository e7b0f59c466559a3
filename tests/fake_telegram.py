"""A Bot API server as strict as Telegram's, and people who talk through it.

Only the methods that the bot calls; any other is a failure that `complaints` keeps, and so is every
parameter that Telegram would refuse. Faults are set from outside: an answer that is lost after the
call was applied, errors, delays, updates that come twice.
"""

import asyncio
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import web

TOKEN = "123456789:AAFakeTokenThatIsLongEnoughToLookReal"
BUTTON_SECONDS = 150
LIMITS = {
    "text": 4096, "caption": 1024, "command": 256, "short": 120, "long": 512, "data": 64,
    "updates": 100,
}  # fmt: skip
DISTINCT = ("message", "edited_message", "callback_query", "my_chat_member")

Json = dict[str, Any]


class ApiError(Exception):
    """An error that Telegram answers with."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


@dataclass
class Faults:
    """How often something goes wrong, as shares of the calls that send."""

    too_many: float = 0
    server_error: float = 0
    bad_gateway: float = 0
    lost_before: float = 0
    lost_after: float = 0
    repeated_updates: float = 0
    seconds: float = 0
    """Seconds that every call that sends takes."""


@dataclass
class Sent:
    """A message of the bot as a person sees it."""

    chat: int
    id: int
    text: str
    buttons: list[tuple[str, str]]
    raw: str
    at: float
    edits: int = 0
    file: tuple[str, str] | None = None


class FakeTelegram:
    """The server: start it, let people talk, look at what came."""

    def __init__(self, seed: int = 1) -> None:
        self.faults = Faults()
        self.random = random.Random(seed)
        self.sent: list[Sent] = []
        self._by_chat: defaultdict[int, list[Sent]] = defaultdict(list)
        self.complaints: list[str] = []
        self.profile: dict[str, Json] = {}
        self.hooks: dict[str, Callable[[Json], Awaitable[None]]] = {}
        """Called with the payload when a method arrives (name), or after it was applied (+name)."""
        self.known: set[int] = set()
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.confirmed = 0
        self.answered: set[str] = set()
        self._buttons: dict[str, float] = {}
        self._updates: list[Json] = []
        self._arrived = asyncio.Event()
        self._changed = asyncio.Event()
        self._next_update = self.random.randrange(10**6, 10**8)
        self._next_message = 1
        self.polls = 0
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        server = site._server
        assert server is not None
        port = server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{port}/bot"

    async def stop(self) -> None:
        assert self._runner is not None
        self.polls += 1
        self._arrived.set()
        await self._runner.cleanup()

    # --- what people do -------------------------------------------------------------------------

    def add_update(self, kind: str, content: Json) -> int:
        """Something happened; sometimes it is delivered twice."""
        assert kind in DISTINCT
        self._next_update += 1
        self._updates.append({"update_id": self._next_update, kind: content})
        self._arrived.set()
        return self._next_update

    def new_message_id(self) -> int:
        self._next_message += 1
        return self._next_message

    def press(self, person: int, message: Sent, data: str, name: str, language: str) -> str:
        query = str(self.random.randrange(10**15, 10**16))
        self._buttons[query] = time.monotonic()
        self.add_update(
            "callback_query",
            {
                "id": query,
                "from": {"id": person, "is_bot": False, "first_name": name,
                         "language_code": language},
                "chat_instance": "1",
                "data": data,
                "message": {"message_id": message.id, "date": 1, "text": message.text,
                            "chat": {"id": person, "type": "private"}},
            },
        )  # fmt: skip
        return query

    def to(self, chat: int) -> list[Sent]:
        return self._by_chat[chat]

    async def until(self, true: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something holds; fails after so many seconds."""
        async with asyncio.timeout(seconds):
            while not true():
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), 0.2)
                except TimeoutError:
                    continue

    # --- what the bot calls ---------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        payload = await _payload(request)
        function = getattr(self, f"_on_{method}", None)
        if function is None:
            self.complaints.append(f"unknown method {method}")
            return _answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        try:
            if method in ("sendMessage", "editMessageText", "sendDocument"):
                await self._before(request)
            if method in self.hooks:
                await self.hooks[method](payload)
            result = await function(payload)
            if f"+{method}" in self.hooks:
                await self.hooks[f"+{method}"](payload)
            if method == "sendMessage" and self._happens(self.faults.lost_after):
                _hang_up(request)
        except ApiError as error:
            body: Json = {"ok": False, "error_code": error.code, "description": str(error)}
            if error.parameters:
                body["parameters"] = error.parameters
            return _answer(error.code, body)
        except BadGateway:
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        return _answer(200, {"ok": True, "result": result})

    async def _before(self, request: web.Request) -> None:
        faults = self.faults
        if faults.seconds:
            await asyncio.sleep(faults.seconds)
        if self._happens(faults.too_many):
            raise ApiError(429, "Too Many Requests: retry after 1", {"retry_after": 1})
        if self._happens(faults.server_error):
            raise ApiError(500, "Internal Server Error")
        if self._happens(faults.bad_gateway):
            raise BadGateway
        if self._happens(faults.lost_before):
            _hang_up(request)

    def _happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    async def _on_getMe(self, _: Json) -> Json:  # noqa: N802
        return {"id": 123456789, "is_bot": True, "first_name": "M", "username": "m_bot"}

    async def _on_getUpdates(self, payload: Json) -> list[Json]:  # noqa: N802
        self._expect(payload, {"offset", "limit", "timeout", "allowed_updates"})
        offset = int(payload.get("offset", 0))
        limit = int(payload.get("limit", LIMITS["updates"]))
        if offset < 0 or limit > LIMITS["updates"]:
            raise ApiError(400, "Bad Request: wrong offset or limit")
        self.polls += 1
        mine = self.polls
        self._arrived.set()  # an older request ends now
        self.confirmed = max(self.confirmed, offset)
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        self._changed.set()
        ends = time.monotonic() + int(payload.get("timeout", 0))
        while not self._updates and time.monotonic() < ends:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), ends - time.monotonic())
            except TimeoutError:
                break
            if mine != self.polls:
                raise ApiError(409, "Conflict: terminated by other getUpdates request")
        kinds = payload.get("allowed_updates") or DISTINCT
        batch = [one for one in self._updates if any(kind in one for kind in kinds)]
        batch = batch[:limit]
        again = [one for one in batch if self._happens(self.faults.repeated_updates)]
        return batch + again

    async def _on_sendMessage(self, payload: Json) -> Json:  # noqa: N802
        self._expect(
            payload, {"chat_id", "text", "parse_mode", "link_preview_options", "reply_markup"}
        )
        sent = self._compose(payload, self.new_message_id())
        self.sent.append(sent)
        self._by_chat[sent.chat].append(sent)
        self._changed.set()
        return {"message_id": sent.id, "date": 1, "chat": {"id": sent.chat, "type": "private"},
                "text": sent.text}  # fmt: skip

    async def _on_sendDocument(self, payload: Json) -> Json:  # noqa: N802
        self._expect(payload, {"chat_id", "document", "caption", "parse_mode", "reply_markup"})
        if len(payload["caption"].encode("utf-16-le")) // 2 > LIMITS["caption"]:
            raise ApiError(400, "Bad Request: message caption is too long")
        sent = self._compose({**payload, "text": payload["caption"]}, self.new_message_id())
        sent.file = payload["document"]
        self.sent.append(sent)
        self._by_chat[sent.chat].append(sent)
        self._changed.set()
        return {"message_id": sent.id, "date": 1, "chat": {"id": sent.chat, "type": "private"}}

    async def _on_editMessageText(self, payload: Json) -> Json:  # noqa: N802
        self._expect(
            payload,
            {"chat_id", "message_id", "text", "parse_mode", "link_preview_options",
             "reply_markup"},
        )  # fmt: skip
        new = self._compose(payload, int(payload["message_id"]))
        old = next((one for one in self.sent if one.chat == new.chat and one.id == new.id), None)
        if old is None:
            raise ApiError(400, "Bad Request: message to edit not found")
        if (old.raw, old.buttons) == (new.raw, new.buttons):
            raise ApiError(400, "Bad Request: message is not modified")
        old.text, old.raw, old.buttons, old.at = new.text, new.raw, new.buttons, new.at
        old.edits += 1
        self._changed.set()
        return {"message_id": new.id, "date": 1, "chat": {"id": new.chat, "type": "private"}}

    async def _on_answerCallbackQuery(self, payload: Json) -> bool:  # noqa: N802
        self._expect(payload, {"callback_query_id"})
        pressed = self._buttons.get(payload["callback_query_id"])
        if pressed is None or time.monotonic() - pressed > BUTTON_SECONDS:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired")
        self.answered.add(payload["callback_query_id"])
        return True

    async def _on_setMyCommands(self, payload: Json) -> bool:  # noqa: N802
        for command in payload["commands"]:
            if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= LIMITS["command"]:
                raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return self._describe("commands", payload)

    async def _on_setMyShortDescription(self, payload: Json) -> bool:  # noqa: N802
        if len(payload["short_description"]) > LIMITS["short"]:
            raise ApiError(400, "Bad Request: description is too long")
        return self._describe("short", payload)

    async def _on_setMyDescription(self, payload: Json) -> bool:  # noqa: N802
        if len(payload["description"]) > LIMITS["long"]:
            raise ApiError(400, "Bad Request: description is too long")
        return self._describe("long", payload)

    def _describe(self, what: str, payload: Json) -> bool:
        if not re.fullmatch("|[a-z]{2}", payload.get("language_code", "")):
            raise ApiError(400, "Bad Request: invalid language code specified")
        self.profile[f"{what} {payload.get('language_code', '')}".strip()] = payload
        return True

    def _compose(self, payload: Json, id: int) -> Sent:
        chat = int(payload["chat_id"])
        if chat in self.moved:
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat",
                           {"migrate_to_chat_id": self.moved[chat]})  # fmt: skip
        if chat in self.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat not in self.known:
            raise ApiError(400, "Bad Request: chat not found")
        text = _parse_html(payload["text"])
        if not text.strip():
            raise ApiError(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LIMITS["text"]:
            raise ApiError(400, "Bad Request: message is too long")
        buttons = []
        for row in payload.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if not 1 <= len(button["callback_data"].encode()) <= LIMITS["data"]:
                    raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
                if not button["text"]:
                    raise ApiError(400, "Bad Request: inline keyboard button text is empty")
                buttons.append((button["text"], button["callback_data"]))
        if len(buttons) > 100:
            raise ApiError(400, "Bad Request: reply markup is too long")
        return Sent(chat=chat, id=id, text=text, buttons=buttons, raw=payload["text"],
                    at=time.monotonic())  # fmt: skip

    def _expect(self, payload: Json, known: set[str]) -> None:
        if set(payload) - known:
            self.complaints.append(f"unknown parameters {set(payload) - known}")


@dataclass
class Person:
    """Somebody with a phone: send, press, expect."""

    telegram: FakeTelegram
    id: int
    language: str = "en"
    name: str = "Somebody"
    read: int = 0
    said: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.telegram.known.add(self.id)

    def send(self, text: str, **other: Any) -> int:
        """Write a message; its number."""
        number = self.telegram.new_message_id()
        self.telegram.add_update("message", self._message(number, {"text": text, **other}))
        self.said[number] = text
        return number

    def send_media(self, kind: str) -> None:
        number = self.telegram.new_message_id()
        self.telegram.add_update("message", self._message(number, {kind: {"file_id": "x"}}))

    def edit(self, number: int, text: str) -> None:
        content = self._message(number, {"text": text, "edit_date": 2})
        self.telegram.add_update("edited_message", content)

    async def hears(self, *parts: str, seconds: float = 60) -> Sent:
        """The next message, which must contain all parts."""
        await self.telegram.until(lambda: len(self._heard()) > self.read, seconds)
        sent = self._heard()[self.read]
        self.read += 1
        for part in parts:
            assert part in sent.text, f"{part!r} is not in {sent.text!r}"
        return sent

    async def sees(self, sent: Sent, *parts: str) -> None:
        """A message that was there changes until it contains all parts."""
        await self.telegram.until(lambda: all(part in sent.text for part in parts))

    def press(self, label: str, message: Sent | None = None) -> str:
        """Press a button of the last message that has it."""
        for sent in [message] if message else reversed(self._heard()):
            for text, data in sent.buttons:
                if label in text:
                    return self.telegram.press(self.id, sent, data, self.name, self.language)
        raise AssertionError(f"There is no button {label}.")

    def _heard(self) -> list[Sent]:
        return self.telegram.to(self.id)

    def _message(self, number: int, content: Json) -> Json:
        return {
            "message_id": number,
            "date": 1,
            "chat": {"id": self.id, "type": "private", "first_name": self.name},
            "from": {"id": self.id, "is_bot": False, "first_name": self.name,
                     "language_code": self.language},
            **content,
        }  # fmt: skip


class BadGateway(Exception):
    """The proxy before Telegram answers with HTML."""


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("b", "a") or (tag == "a" and not dict(attrs).get("href")):
            raise ApiError(400, f"Bad Request: can't parse entities: unsupported tag {tag}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ApiError(400, "Bad Request: can't parse entities: unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def _parse_html(raw: str) -> str:
    """The text as people see it. Telegram knows four named entities and refuses a bare &lt;."""
    if re.search(r"&(?!(?:lt|gt|amp|quot|#\d+);)", raw) or re.search(r"<(?!/?[a-z])", raw):
        raise ApiError(400, "Bad Request: can't parse entities")
    parser = _Text()
    parser.feed(raw)
    parser.close()
    if parser.open:
        raise ApiError(400, "Bad Request: can't parse entities: can't find end tag")
    return parser.text


async def _payload(request: web.Request) -> Json:
    fields: Json = {}
    if request.content_type == "application/json":
        fields = await request.json()
    elif request.can_read_body:
        fields = dict(await request.post())
    return {name: _value(value) for name, value in {**request.query, **fields}.items()}


def _value(value: Any) -> Any:
    """Lists, objects and numbers come as JSON; a text stays a text; a file is (name, content)."""
    if isinstance(value, web.FileField):
        return value.filename, value.file.read().decode()
    text = str(value)
    if text[:1] in "[{":
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return text
    return text


def _answer(status: int, body: Json) -> web.Response:
    return web.json_response(body, status=status)


def _hang_up(request: web.Request) -> None:
    assert request.transport is not None
    request.transport.abort()
    raise ApiError(500, "nobody hears this")
