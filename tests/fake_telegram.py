"""A Bot API server as strict as Telegram's, and people who talk through it.

Only the methods that the bot calls, with only the parameters that it uses; any other is a failure
that `complaints` keeps. Every message of every chat is in one store, so that what the bot copies,
edits or answers must be there. Faults are set from outside: an answer that is lost after the call
was applied, errors, delays, updates that come twice. Groups are in `tests.fake_forum`.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.fake_forum import StaffGroup

Json = dict[str, Any]

TOKEN = "123456789:AAFakeTokenThatIsLongEnoughToLookReal"
BOT: Json = {"id": 123456789, "is_bot": True, "first_name": "M", "username": "m_bot"}
BUTTON_SECONDS = 150
LIMITS = {
    "text": 4096, "caption": 1024, "command": 256, "short": 120, "long": 512, "data": 64,
    "updates": 100, "copies": 100, "name": 128,
}  # fmt: skip
DISTINCT = ("message", "edited_message", "callback_query", "my_chat_member")

PARAMETERS = {
    method: set(names.split())
    for method, names in {
        "getMe": "",
        "getUpdates": "offset limit timeout allowed_updates",
        "answerCallbackQuery": "callback_query_id",
        "setMyCommands": "commands language_code scope",
        "setMyShortDescription": "short_description language_code",
        "setMyDescription": "description language_code",
        "sendMessage": "chat_id message_thread_id text parse_mode entities link_preview_options"
        " reply_markup reply_parameters disable_notification",
        "sendDocument": "chat_id message_thread_id document caption parse_mode reply_markup",
        "copyMessage": "chat_id from_chat_id message_id message_thread_id caption parse_mode"
        " reply_parameters disable_notification",
        "copyMessages": "chat_id from_chat_id message_ids message_thread_id remove_caption"
        " disable_notification",
        "editMessageText": "chat_id message_id text parse_mode entities link_preview_options"
        " reply_markup",
        "editMessageCaption": "chat_id message_id caption parse_mode",
        "editMessageMedia": "chat_id message_id media",
        "deleteMessage": "chat_id message_id",
        "setMessageReaction": "chat_id message_id reaction",
        "getChat": "chat_id",
        "getChatMember": "chat_id user_id",
        "pinChatMessage": "chat_id message_id disable_notification",
        "createForumTopic": "chat_id name",
        "editForumTopic": "chat_id message_thread_id name",
        "closeForumTopic": "chat_id message_thread_id",
        "reopenForumTopic": "chat_id message_thread_id",
        "deleteForumTopic": "chat_id message_thread_id",
    }.items()
}
IN_GROUPS = ("getChatMember", "pinChatMessage", *(one for one in PARAMETERS if "Forum" in one))
"""The methods that a `StaffGroup` answers itself."""
CHANGES = {one for one in PARAMETERS if not re.match("answer|get|setMy", one)}
"""The methods that faults befall."""
AS_JSON = (
    "allowed_updates", "commands", "entities", "link_preview_options", "media", "message_ids",
    "reaction", "reply_markup", "reply_parameters", "scope",
)  # fmt: skip

WITH_CAPTION = ("animation", "audio", "document", "photo", "video", "voice")
EXAMPLES: dict[str, Json] = {
    "document": {"file_name": "letter.pdf", "mime_type": "application/pdf"},
    "location": {"latitude": 35.67, "longitude": 139.39},
    "contact": {"phone_number": "+81420000000", "first_name": "Somebody"},
    "poll": {"id": "1", "question": "Which?", "options": [], "type": "regular"},
    "story": {"id": 1, "chat": {"id": 1, "type": "private"}},
}
WITHOUT_FILE = ("contact", "location", "poll", "story")
ENTITIES = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold",
    "italic", "underline", "code", "pre", "strikethrough", "spoiler", "blockquote",
    "expandable_blockquote", "text_link", "text_mention",
}  # fmt: skip
REACTIONS = {
    *"❤👍👎🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐",
    *"🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾🤷😡",
    "❤‍🔥", "👨‍💻", "🤷‍♂", "🤷‍♀",
}  # fmt: skip


class ApiError(Exception):
    """An error that Telegram answers with."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.parameters = parameters


class BadRequest(ApiError):
    """400, and why."""

    def __init__(self, why: str, parameters: Json | None = None) -> None:
        super().__init__(400, f"Bad Request: {why}", parameters)


class BadGateway(Exception):
    """The proxy before Telegram answers with HTML."""


@dataclass
class Faults:
    """How often something goes wrong, as shares of the calls that change something."""

    too_many: float = 0
    server_error: float = 0
    bad_gateway: float = 0
    lost_before: float = 0
    lost_after: float = 0
    lost_topic: float = 0
    """Of the topics that are created: nobody hears their number."""
    repeated_updates: float = 0
    seconds: float = 0
    """Seconds that every call that changes something takes."""


@dataclass(eq=False)
class Sent:
    """A message, of the bot or of a person, as people see it now."""

    chat: int
    id: int
    text: str
    """Or the caption."""
    buttons: list[tuple[str, str]] = field(default_factory=list)
    raw: str = ""
    """The text as it was given, with its markup."""
    at: float = field(default_factory=time.monotonic)
    edits: int = 0
    file: tuple[str, str] | None = None
    """Name and content of what the bot uploaded."""
    kind: str = "text"
    """Or the kind of media, or "service"."""
    content: Json = field(default_factory=dict)
    """The media, or what a service message tells, as Telegram writes it."""
    extra: Json = field(default_factory=dict)
    """Other fields that the bot gets."""
    entities: list[Json] = field(default_factory=list)
    album: str | None = None
    thread: int | None = None
    reply_to: int | None = None
    author: Json = field(default_factory=lambda: BOT)
    reaction: str | None = None
    deleted: bool = False
    copied_from: tuple[int, int] | None = None
    date: int = field(default_factory=lambda: int(time.time()))

    def __post_init__(self) -> None:
        self.raw = self.raw or self.text

    @property
    def of_bot(self) -> bool:
        """Whether the bot said it; a service message says nothing."""
        return self.author is BOT and self.kind != "service"

    @property
    def file_id(self) -> str | None:
        """By which the media can be sent again."""
        media = self.content.get(self.kind)
        found = media[-1] if isinstance(media, list) else media or {}
        return found.get("file_id")

    def put(self, new: "Sent") -> None:
        """Take the place of what was said."""
        self.text, self.raw, self.entities = new.text, new.raw, new.entities
        self.kind, self.content, self.buttons = new.kind, new.content, new.buttons
        self.at = time.monotonic()
        self.edits += 1


class FakeTelegram:
    """The server: start it, let people talk, look at what came."""

    def __init__(self, seed: int = 1) -> None:
        self.faults = Faults()
        self.random = random.Random(seed)
        self.messages: dict[tuple[int, int], Sent] = {}
        """Every message, by chat and number, also those that were deleted."""
        self.sent: list[Sent] = []
        """What the bot sent."""
        self._by_chat: defaultdict[int, list[Sent]] = defaultdict(list)
        self.files: dict[str, Json] = {}
        """The media of each file id."""
        self.groups: dict[int, StaffGroup] = {}
        self.people: dict[int, Person] = {}
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
        self._changed.set()
        return self._next_update

    def new_message_id(self) -> int:
        self._next_message += 1
        return self._next_message

    def post(self, sent: Sent) -> int:
        """A message comes into being, and the bot hears of it; its number."""
        self._keep(sent)
        self.tell(sent)
        return sent.id

    def tell(self, sent: Sent, kind: str = "message") -> None:
        """The bot hears of a message, if it is in the chat."""
        if sent.chat not in self.groups or self.groups[sent.chat].has_bot:
            self.add_update(kind, self.message(sent))

    def forget(self, sent: Sent) -> None:
        """A message is deleted. Telegram tells no bot of that."""
        sent.deleted = True
        if sent.chat in self.groups:
            self.groups[sent.chat].forget(sent)
        self._changed.set()

    def move(self, old: int, new: int) -> None:
        """A group becomes a supergroup; what was said there is under the new number."""
        self.moved[old] = new
        self.known.add(new)
        self.groups[new] = self.groups.pop(old)
        self._by_chat[new] = self._by_chat.pop(old, [])
        for chat, number in [one for one in self.messages if one[0] == old]:
            self.messages[new, number] = self.messages.pop((chat, number))
            self.messages[new, number].chat = new

    def membership(self, chat: int, user: Json, old: Json, new: Json) -> None:
        """Somebody changes what the bot is in a chat."""
        change = {"chat": self.chat(chat), "from": user, "date": int(time.time())}
        members = {"old_chat_member": {"user": BOT, **old}, "new_chat_member": {"user": BOT, **new}}
        self.add_update("my_chat_member", {**change, **members})

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
                "message": self.message(message),
            },
        )  # fmt: skip
        return query

    def to(self, chat: int) -> list[Sent]:
        return self._by_chat[chat]

    def chat(self, chat: int) -> Json:
        """A chat as Telegram writes it."""
        if chat in self.groups:
            return self.groups[chat].chat
        if chat < 0:
            return {"id": chat, "type": "supergroup", "title": "Group"}
        named = {"first_name": self.people[chat].name} if chat in self.people else {}
        return {"id": chat, "type": "private", **named}

    def message(self, sent: Sent, *, inner: bool = False) -> Json:
        """A message as Telegram writes it; one inside another shows no third."""
        body = {"message_id": sent.id, "date": sent.date, "chat": self.chat(sent.chat),
                "from": sent.author, **sent.extra, **sent.content}  # fmt: skip
        name, entities = (
            ("text", "entities") if sent.kind == "text" else ("caption", "caption_entities")
        )
        optional = {
            name: sent.text,
            entities: sent.entities,
            "edit_date": int(time.time()) if sent.edits else None,
            "media_group_id": sent.album,
            "message_thread_id": sent.thread,
            "is_topic_message": sent.thread is not None,
            "reply_markup": _keyboard(sent.buttons),
        }
        replied = self.messages.get((sent.chat, sent.reply_to or sent.thread or 0))
        if replied and replied is not sent and not (inner or replied.deleted):
            body["reply_to_message"] = self.message(replied, inner=True)
        return body | {name: value for name, value in optional.items() if value}

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
        function = getattr(self, f"_on_{method}", None)
        if method in IN_GROUPS:
            function = partial(self._ask_group, method)
        if function is None:
            self.complaints.append(f"unknown method {method}")
            return _answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        try:
            payload = await _payload(request)
            if method in CHANGES:
                await self._before(request)
            result = await self._apply(method, function, payload)
            lost_topic = method == "createForumTopic" and self._happens(self.faults.lost_topic)
            if lost_topic or (method in CHANGES and self._happens(self.faults.lost_after)):
                _hang_up(request)
        except ApiError as error:
            body: Json = {"ok": False, "error_code": error.code, "description": str(error)}
            if error.parameters:
                body["parameters"] = error.parameters
            return _answer(error.code, body)
        except BadGateway:
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        return _answer(200, {"ok": True, "result": result})

    async def _apply(
        self, method: str, function: Callable[[Json], Awaitable[Any]], payload: Json
    ) -> Any:
        if method in self.hooks:
            await self.hooks[method](payload)
        if method in PARAMETERS:
            self._expect(payload, PARAMETERS[method])
        try:
            result = await function(payload)
        except KeyError as error:
            self.complaints.append(f"{method} without {error}")
            raise BadRequest(f"{error} is missing") from None
        self._changed.set()
        if f"+{method}" in self.hooks:
            await self.hooks[f"+{method}"](payload)
        return result

    async def _ask_group(self, method: str, payload: Json) -> Any:
        """What a group answers itself."""
        group = self.groups.get(self._reach(payload))
        if group is None:
            raise BadRequest("the chat is not a forum" if "Forum" in method else "chat not found")
        return getattr(group, f"on_{method}")(payload)

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
        return BOT

    async def _on_getUpdates(self, payload: Json) -> list[Json]:  # noqa: N802
        offset = int(payload.get("offset", 0))
        limit = int(payload.get("limit", LIMITS["updates"]))
        if offset < 0 or limit > LIMITS["updates"]:
            raise BadRequest("wrong offset or limit")
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
        return self._send(self._compose(payload), payload)

    async def _on_sendDocument(self, payload: Json) -> Json:  # noqa: N802
        sent = self._compose(payload, "caption", "document")
        document = payload["document"]
        if isinstance(document, str):
            sent.content = self._known_file("document", document)
        else:
            sent.file = document
            sent.content = self.media("document", f"document-{sent.id}", {"file_name": document[0]})
        return self._send(sent, payload)

    async def _on_copyMessage(self, payload: Json) -> Json:  # noqa: N802
        origin = self._reach(payload, "from_chat_id", writing=False)
        source = self.find(origin, payload["message_id"], "message to copy not found")
        if source.kind in ("service", "story"):
            raise BadRequest("the message can't be copied")
        copy = self._copy(source, self._reach(payload))
        if "caption" in payload and source.kind in WITH_CAPTION:
            new = self._compose(payload, "caption")
            copy.text, copy.raw, copy.entities = new.text, new.raw, new.entities
        self._send(copy, payload)
        return {"message_id": copy.id}

    async def _on_copyMessages(self, payload: Json) -> list[Json]:  # noqa: N802
        """What is not found, or cannot be copied, is left out; an album stays one."""
        origin, chat = self._reach(payload, "from_chat_id", writing=False), self._reach(payload)
        numbers = [int(one) for one in payload["message_ids"]]
        if not 1 <= len(numbers) <= LIMITS["copies"]:
            raise BadRequest("wrong number of message identifiers specified")
        if numbers != sorted(set(numbers)):
            raise BadRequest("message identifiers must be in a strictly increasing order")
        found = [self.messages[origin, one] for one in numbers if (origin, one) in self.messages]
        sources = [one for one in found if not one.deleted and one.kind not in ("service", "story")]
        if not sources:
            raise BadRequest("there are no messages to copy")
        albums = Counter(one.album for one in sources)
        self._place(payload, chat)
        copies = [self._copy(one, chat) for one in sources]
        for source, copy in zip(sources, copies, strict=True):
            if source.album and albums[source.album] > 1:
                copy.album = f"{source.album}-{copies[0].id}"
            if _is_true(payload, "remove_caption") and copy.kind in WITH_CAPTION:
                copy.text, copy.raw, copy.entities = "", "", []
            self._send(copy, payload)
        return [{"message_id": copy.id} for copy in copies]

    async def _on_editMessageText(self, payload: Json) -> Json:  # noqa: N802
        old = self._editable(payload)
        if old.kind != "text":
            raise BadRequest("there is no text in the message to edit")
        return self._edit(old, self._compose(payload))

    async def _on_editMessageCaption(self, payload: Json) -> Json:  # noqa: N802
        old = self._editable(payload)
        if old.kind not in WITH_CAPTION:
            raise BadRequest("there is no caption in the message to edit")
        new = self._compose(payload, "caption", old.kind)
        return self._edit(old, replace(new, content=old.content))

    async def _on_editMessageMedia(self, payload: Json) -> Json:  # noqa: N802
        media = payload["media"]
        self._expect(media, {"type", "media", "caption", "parse_mode"})
        kind = media["type"]
        if kind == "voice" or kind not in WITH_CAPTION:
            raise BadRequest("can't parse InputMedia: type must be one of the media that it can be")
        old = self._editable(payload, "message media can't be edited")
        if old.kind == "voice" or old.kind not in (*WITH_CAPTION, "text"):
            raise BadRequest("message media can't be edited")
        new = self._compose({**media, "chat_id": old.chat}, "caption", kind)
        return self._edit(old, replace(new, content=self._known_file(kind, media["media"])))

    async def _on_deleteMessage(self, payload: Json) -> bool:  # noqa: N802
        chat = self._reach(payload)
        old = self.find(chat, payload["message_id"], "message to delete not found")
        group = self.groups.get(chat)
        foreign = old.author is not BOT and group and not group.may("can_delete_messages")
        if foreign or "forum_topic_created" in old.content:
            raise BadRequest("message can't be deleted")
        self.forget(old)
        return True

    async def _on_setMessageReaction(self, payload: Json) -> bool:  # noqa: N802
        sent = self.find(self._reach(payload), payload["message_id"], "message to react not found")
        reactions = payload.get("reaction", [])
        if len(reactions) > 1:
            raise BadRequest("REACTIONS_TOO_MANY")
        for one in reactions:
            self._expect(one, {"type", "emoji"})
            if one["type"] != "emoji" or one["emoji"] not in REACTIONS:
                raise BadRequest("REACTION_INVALID")
        sent.reaction = reactions[0]["emoji"] if reactions else None
        return True

    async def _on_getChat(self, payload: Json) -> Json:  # noqa: N802
        return self.chat(self._reach(payload, writing=False))

    async def _on_answerCallbackQuery(self, payload: Json) -> bool:  # noqa: N802
        pressed = self._buttons.get(payload["callback_query_id"])
        if pressed is None or time.monotonic() - pressed > BUTTON_SECONDS:
            raise BadRequest("query is too old and response timeout expired")
        self.answered.add(payload["callback_query_id"])
        return True

    async def _on_setMyCommands(self, payload: Json) -> bool:  # noqa: N802
        for command in payload["commands"]:
            if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
                raise BadRequest("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= LIMITS["command"]:
                raise BadRequest("BOT_COMMAND_DESCRIPTION_INVALID")
        return self._describe("commands", payload)

    async def _on_setMyShortDescription(self, payload: Json) -> bool:  # noqa: N802
        if len(payload["short_description"]) > LIMITS["short"]:
            raise BadRequest("description is too long")
        return self._describe("short", payload)

    async def _on_setMyDescription(self, payload: Json) -> bool:  # noqa: N802
        if len(payload["description"]) > LIMITS["long"]:
            raise BadRequest("description is too long")
        return self._describe("long", payload)

    def _describe(self, what: str, payload: Json) -> bool:
        if not re.fullmatch("|[a-z]{2}", payload.get("language_code", "")):
            raise BadRequest("invalid language code specified")
        where = payload.get("scope", {}).get("chat_id", payload.get("language_code", ""))
        self.profile[f"{what} {where}".strip()] = payload
        return True

    # --- what the calls have in common ----------------------------------------------------------

    def _reach(self, payload: Json, name: str = "chat_id", *, writing: bool = True) -> int:
        """The chat, if the bot can get there."""
        chat = int(payload[name])
        if chat in self.moved:
            raise BadRequest("group chat was upgraded to a supergroup chat",
                             {"migrate_to_chat_id": self.moved[chat]})  # fmt: skip
        if chat in self.blocked and writing:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if chat not in self.known:
            raise BadRequest("chat not found")
        if chat in self.groups and not self.groups[chat].has_bot:
            kind = self.groups[chat].chat["type"]
            raise ApiError(403, f"Forbidden: bot was kicked from the {kind} chat")
        return chat

    def find(self, chat: int, number: object, otherwise: str) -> Sent:
        sent = self.messages.get((chat, int(str(number))))
        if sent is None or sent.deleted:
            raise BadRequest(otherwise)
        return sent

    def _editable(self, payload: Json, otherwise: str = "message can't be edited") -> Sent:
        old = self.find(self._reach(payload), payload["message_id"], "message to edit not found")
        if not old.of_bot:
            raise BadRequest(otherwise)
        return old

    def _edit(self, old: Sent, new: Sent) -> Json:
        def shown(one: Sent) -> object:
            return one.kind, one.file_id, one.raw, one.entities, one.buttons

        if shown(old) == shown(new):
            raise BadRequest("message is not modified")
        old.put(new)
        return self.message(old)

    def _copy(self, source: Sent, chat: int) -> Sent:
        """Only what is said, and who said it no longer."""
        return Sent(
            chat=chat, id=self.new_message_id(), text=source.text, raw=source.raw,
            kind=source.kind, content=source.content, file=source.file, entities=source.entities,
            copied_from=(source.chat, source.id),
        )  # fmt: skip

    def _send(self, sent: Sent, payload: Json) -> Json:
        sent.thread, sent.reply_to = self._place(payload, sent.chat)
        self._keep(sent)
        return self.message(sent)

    def _keep(self, sent: Sent) -> None:
        self.messages[sent.chat, sent.id] = sent
        if sent.of_bot:
            self.sent.append(sent)
            self._by_chat[sent.chat].append(sent)
        if sent.chat in self.groups:
            self.groups[sent.chat].keep(sent)
        self._changed.set()

    def _place(self, payload: Json, chat: int) -> tuple[int | None, int | None]:
        """The topic, and the message that is answered."""
        reply = payload.get("reply_parameters", {})
        self._expect(reply, {"message_id", "allow_sending_without_reply"})
        replied = self.messages.get((chat, int(reply["message_id"]))) if reply else None
        if replied is None or replied.deleted:
            if reply and not _is_true(reply, "allow_sending_without_reply"):
                raise BadRequest("message to be replied not found")
            replied = None
        thread = payload.get("message_thread_id", replied.thread if replied else None)
        if thread is not None:
            if chat not in self.groups:
                raise BadRequest("message thread not found")
            self.groups[chat].check_thread(int(thread))
        return (int(thread) if thread else None), (replied.id if replied else None)

    def _compose(self, payload: Json, name: str = "text", kind: str = "text") -> Sent:
        """A message of the bot from its text, or from its caption and kind of media."""
        chat = self._reach(payload)
        raw = payload["text"] if name == "text" else payload.get(name, "")
        text, entities = raw, payload.get("entities", [])
        if "parse_mode" in payload:
            if entities:
                self.complaints.append("both parse_mode and entities")
            if payload["parse_mode"] != "HTML":
                raise BadRequest("unsupported parse_mode")
            text = _parse_html(raw)
        if name == "text" and not text.strip():
            raise BadRequest("message text is empty")
        if _units(text) > LIMITS[name]:
            what = "message" if name == "text" else "message caption"
            raise BadRequest(f"{what} is too long")
        _check_entities(text, entities)
        return Sent(chat, self.new_message_id(), text, _buttons(payload), raw, kind=kind,
                    entities=entities)  # fmt: skip

    def media(self, kind: str, file_id: str, content: Json) -> Json:
        """Media as Telegram writes them; their file can be sent again."""
        body = EXAMPLES.get(kind, {}) | content
        if kind in WITHOUT_FILE:
            return {kind: body}
        body |= {"file_id": file_id, "file_unique_id": f"unique-{file_id}"}
        media: Json = {kind: body}
        if kind == "photo":
            media[kind] = [{"file_id": f"small-{file_id}", "file_unique_id": "small"}, body]
        if kind == "animation":
            media["document"] = body
        self.files[file_id] = media
        return media

    def _known_file(self, kind: str, file_id: str) -> Json:
        """Media by a file id, which must be of that kind."""
        if file_id not in self.files:
            raise BadRequest("wrong file identifier/HTTP URL specified")
        actual = next(iter(self.files[file_id]))
        if actual != kind:
            raise BadRequest(f"can't use file of type {actual.title()} as {kind.title()}")
        return self.files[file_id]

    def _expect(self, payload: Json, known: set[str]) -> None:
        if set(payload) - known:
            self.complaints.append(f"unknown parameters {set(payload) - known}")


class Phone:
    """What anybody does with the messages of a chat."""

    telegram: FakeTelegram
    id: int
    name: str
    language: str

    @property
    def chat(self) -> int:
        """Where they write."""
        return self.id

    @property
    def user(self) -> Json:
        """They, as Telegram writes it."""
        return {"id": self.id, "is_bot": False, "first_name": self.name,
                "language_code": self.language}  # fmt: skip

    def edit(self, number: int, text: str) -> None:
        self._change(number, text)

    def edit_caption(self, number: int, caption: str | None) -> None:
        self._change(number, caption)

    def edit_media(
        self, number: int, kind: str, file_id: str, caption: str | None = None, **content: Any
    ) -> None:
        self._change(number, caption, kind, self.telegram.media(kind, file_id, content))

    def delete(self, number: int) -> None:
        self.telegram.forget(self.telegram.messages[self.chat, number])

    def reaction(self, number: int) -> str | None:
        """How the bot reacted to a message."""
        return self.telegram.messages[self.chat, number].reaction

    async def sees(self, sent: Sent, *parts: str) -> None:
        """A message that was there changes until it contains all parts."""
        await self.telegram.until(lambda: all(part in sent.text for part in parts))

    def _write(self, text: str | None, kind: str = "text", **other: Any) -> int:
        """A message comes from this phone; its number."""
        sent = Sent(self.chat, self.telegram.new_message_id(), text or "", kind=kind,
                    author=self.user, **other)  # fmt: skip
        return self.telegram.post(sent)

    def _media(self, kind: str, file_id: str | None, content: Json) -> Json:
        chosen = file_id or f"{kind}-{self.id}-{self.telegram.new_message_id()}"
        return self.telegram.media(kind, chosen, content)

    def _change(
        self, number: int, text: str | None, kind: str | None = None, content: Json | None = None
    ) -> None:
        sent = self.telegram.messages[self.chat, number]
        text, kind, content = text or "", kind or sent.kind, content or sent.content
        sent.put(replace(sent, text=text, raw=text, entities=[], kind=kind, content=content))
        self.telegram.tell(sent, "edited_message")

    async def _hear(
        self,
        heard: Callable[[], Sequence[Sent]],
        after: int,
        parts: tuple[str, ...],
        seconds: float,
    ) -> Sent:
        """The bot's first message after that number, which must contain all parts."""

        def unread() -> list[Sent]:
            return [one for one in heard() if one.of_bot and one.id > after and not one.deleted]

        await self.telegram.until(lambda: bool(unread()), seconds)
        sent = unread()[0]
        for part in parts:
            assert part in sent.text, f"{part!r} is not in {sent.text!r}"
        return sent

    def _press(self, label: str, among: Sequence[Sent]) -> str:
        """Press a button of the last message that has it."""
        for sent in reversed(among):
            for text, data in sent.buttons if not sent.deleted else ():
                if label in text:
                    return self.telegram.press(self.id, sent, data, self.name, self.language)
        raise AssertionError(f"There is no button {label}.")


@dataclass
class Person(Phone):
    """Somebody with a private chat with the bot: send, press, expect."""

    telegram: FakeTelegram
    id: int
    language: str = "en"
    name: str = "Somebody"
    read: int = 0
    """The number of the last message that was heard."""
    said: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.telegram.known.add(self.id)
        self.telegram.people[self.id] = self

    def send(
        self, text: str, reply_to: int | None = None, entities: Sequence[Json] = (), **other: Any
    ) -> int:
        """Write a message; its number."""
        number = self._write(text, reply_to=reply_to, entities=list(entities), extra=other)
        self.said[number] = text
        return number

    def send_media(
        self, kind: str, caption: str | None = None, album: str | None = None,
        file_id: str | None = None, reply_to: int | None = None, **content: Any,
    ) -> int:  # fmt: skip
        """Send media; the number of the message."""
        media = self._media(kind, file_id, content)
        return self._write(caption, kind, content=media, album=album, reply_to=reply_to)

    def block(self) -> None:
        self.telegram.blocked.add(self.id)
        self.telegram.membership(self.id, self.user, {"status": "member"}, {"status": "kicked"})

    def unblock(self) -> None:
        self.telegram.blocked.discard(self.id)
        self.telegram.membership(self.id, self.user, {"status": "kicked"}, {"status": "member"})

    async def hears(self, *parts: str, seconds: float = 60) -> Sent:
        """The next message, which must contain all parts."""
        sent = await self._hear(self._heard, self.read, parts, seconds)
        self.read = sent.id
        return sent

    def press(self, label: str, message: Sent | None = None) -> str:
        """Press a button of the last message that has it."""
        return self._press(label, [message] if message else self._heard())

    def _heard(self) -> list[Sent]:
        return self.telegram.to(self.id)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("a", "b", "blockquote", "code", "i", "pre", "s", "u") or (
            tag == "a" and not dict(attrs).get("href")
        ):
            raise BadRequest(f"can't parse entities: unsupported tag {tag}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise BadRequest("can't parse entities: unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def _parse_html(raw: str) -> str:
    """The text as people see it. Telegram knows four named entities and refuses a bare &lt;."""
    if re.search(r"&(?!(?:lt|gt|amp|quot|#\d+);)", raw) or re.search(r"<(?!/?[a-z])", raw):
        raise BadRequest("can't parse entities")
    parser = _Text()
    parser.feed(raw)
    parser.close()
    if parser.open:
        raise BadRequest("can't parse entities: can't find end tag")
    return parser.text


def _units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _check_entities(text: str, entities: list[Json]) -> None:
    for one in entities:
        if one["type"] not in ENTITIES or (one["type"] == "text_link" and not one.get("url")):
            raise BadRequest("can't parse MessageEntity: Unsupported type specified")
        start, end = one["offset"], one["offset"] + one["length"]
        if start < 0 or end > _units(text):
            raise BadRequest(f"entity beginning at UTF-16 offset {start} ends after the end of the "
                             f"text at UTF-16 offset {end}")  # fmt: skip


def _buttons(payload: Json) -> list[tuple[str, str]]:
    buttons = []
    for row in payload.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if not 1 <= len(button["callback_data"].encode()) <= LIMITS["data"]:
                raise BadRequest("BUTTON_DATA_INVALID")
            if not button["text"]:
                raise BadRequest("inline keyboard button text is empty")
            buttons.append((button["text"], button["callback_data"]))
    if len(buttons) > 100:
        raise BadRequest("reply markup is too long")
    return buttons


def _keyboard(buttons: list[tuple[str, str]]) -> Json:
    rows = [[{"text": label, "callback_data": data}] for label, data in buttons]
    return {"inline_keyboard": rows} if rows else {}


def _is_true(payload: Json, name: str) -> bool:
    return str(payload.get(name, "")).lower() == "true"


async def _payload(request: web.Request) -> Json:
    fields: Json = {}
    if request.content_type == "application/json":
        fields = await request.json()
    elif request.can_read_body:
        fields = dict(await request.post())
    return {name: _value(name, value) for name, value in {**request.query, **fields}.items()}


def _value(name: str, value: Any) -> Any:
    """Lists and objects come as JSON; all else is text; a file is (name, content)."""
    if isinstance(value, web.FileField):
        return value.filename, value.file.read().decode()
    if isinstance(value, list | dict):
        return value
    if name not in AS_JSON:
        return str(value)
    try:
        return json.loads(str(value))
    except json.JSONDecodeError:
        raise BadRequest(f"can't parse {name} JSON object") from None


def _answer(status: int, body: Json) -> web.Response:
    return web.json_response(body, status=status)


def _hang_up(request: web.Request) -> None:
    assert request.transport is not None
    request.transport.abort()
    raise ApiError(500, "nobody hears this")
