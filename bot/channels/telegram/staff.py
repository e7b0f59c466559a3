"""The staff's groups on Telegram: topics that are made when they are needed, and made anew.

Theory of operation: a stored call names its targets (the topic of consultation 17, its card, the
copy of a message). Here they are looked up at the moment of sending, so that a call waits for
nothing and survives whatever people do to the group. A topic is created by the first call that
needs it. If the answer to that is lost, nobody knows whether there is a topic now; but Telegram
tells the bot of its own `forum_topic_created`. So before creation is asked for again, the door
must have read everything that Telegram knew some seconds after the first attempt.

What people have to mend (no topics, no rights, the bot thrown out) is told in the group, or to the
administrators if it cannot be; the calls wait.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.api import TelegramApi, numbers_of
from bot.service.sender import Hopeless, Later, Made, Outcome
from bot.storage import Call, Store, Topic
from bot.storage.store import Payload

log = logging.getLogger(__name__)

KNOWN_AFTER = 2.0
"""Seconds after which Telegram tells of a topic that it made, at the latest."""

TRY_AGAIN, LOOK_AGAIN = 10.0, 0.5
"""Seconds: until people may have mended something; until the door may have read something."""

TELL_EVERY = 3600.0

TOPIC_GONE = ("message thread not found", "topic_id_invalid", "topic_deleted")
NO_TOPICS = ("not a forum", "forum topics are not enabled")
NO_RIGHTS = ("not enough rights", "have no rights", "administrator rights", "admin_required")
GONE = ("chat not found", "group chat was deactivated", "peer_id_invalid")
CANNOT_EDIT = ("message to edit not found", "message can't be edited", "no text in the message")


class Groups:
    """The staff's groups, by the numbers that they have today."""

    def __init__(self, configured: Iterable[int], moved: Mapping[int, int]) -> None:
        self._moved = dict(moved)
        self._configured = tuple(dict.fromkeys(configured))

    def current(self, chat: int) -> int:
        """The number of a group today."""
        return self._moved.get(chat, chat)

    def all(self) -> tuple[int, ...]:
        """Every group, by its number today."""
        return tuple(self.current(chat) for chat in self._configured)

    def __contains__(self, chat: object) -> bool:
        return chat in self.all()

    def move(self, old: int, new: int) -> None:
        """A group became a supergroup."""
        self._moved = {one: new if two == old else two for one, two in self._moved.items()}
        self._moved[old] = new


class _Not(Exception):
    """A call cannot be made now, or never; `outcome` says which."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


class StaffTransport:
    """The `Transport` of a bot with consultants; calls to residents pass through it as well.

    `read_until` is the moment up to which the door has read what Telegram knows; `word` gives what
    people read.
    """

    def __init__(
        self,
        api: TelegramApi,
        store: Store,
        groups: Groups,
        administrators: Iterable[int],
        read_until: Callable[[], float],
        word: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._store = store
        self._groups = groups
        self._administrators = tuple(administrators)
        self._read_until = read_until
        self._word = word
        self._now = now
        self._told: dict[tuple[int, str], float] = {}

    async def make(self, call: Call) -> Outcome:
        """Resolve a call's targets and make it."""
        if call.chat not in self._groups and not _named(call.payload):
            return await self._api.make(call)
        try:
            return await self._make_resolved(call)
        except _Not as reason:
            return reason.outcome
        except TelegramError as error:
            return await self._refused(call, error)

    async def greet(self) -> None:
        """Look at the groups at the start: once it is well, say so; if not, what is to mend."""
        for chat in self._groups.all():
            name = f"greeted {chat}"
            try:
                trouble = await self._trouble(chat)
            except TelegramError:
                continue  # what is wrong shows when something is sent
            if trouble is not None:
                await self._stuck(chat, trouble)
            elif await self._store.fact(name) is None and await self._tell(chat, "desk.ready"):
                await self._store.set_fact(name, "yes")

    async def _trouble(self, chat: int) -> str | None:
        """What is missing in a group for consultations. Raises telegram's errors."""
        try:
            group = await self._api.call("getChat", {"chat_id": chat})
            me: Payload = {"chat_id": chat, "user_id": self._api.id}
            member = await self._api.call("getChatMember", me)
        except ChatMigrated:
            raise
        except (BadRequest, Forbidden):
            return "desk.unreachable"
        match group:
            case {"is_forum": True}:
                pass
            case _:
                return "desk.no_topics"
        match member:
            case {"can_manage_topics": True, "can_pin_messages": True, "can_delete_messages": True}:
                return None
            case _:
                return "desk.no_rights"

    async def _make_resolved(self, call: Call) -> Outcome:
        payload = dict(call.payload)
        topic = await self._topic(payload, call.method)
        if topic is not None:
            payload["message_thread_id"] = topic.thread
        if "reply_parameters" in payload:
            await self._resolve_reply(payload, _case_of(call))
        match payload.get("message_id"):
            case {"card_of": int()}:
                return await self._show_card(call, payload, topic)
            case {"copy_of": [int() as chat, int() as message], "asked": bool() as asked}:
                return await self._withdraw(payload, chat, message, asked=asked)
            case {"copy_of": [int() as chat, int() as message]}:
                return await self._change_copy(call, payload, chat, message)
        result = await self._api.call(call.method, payload)
        return Made(results=numbers_of(result))

    # --- topics ---------------------------------------------------------------------------------

    async def _topic(self, payload: Payload, method: str) -> Topic | None:
        """The topic that a payload names, made if there is none yet."""
        match payload.get("message_thread_id"):
            case {"topic_of": int() as number}:
                topic = await self._store.consultations.topic(number)
            case _:
                return None
        if topic is None:
            raise _Not(Hopeless(reason="no such consultation", all_of_chat=False))
        if topic.thread is not None:
            return topic
        if topic.expired or method == "deleteForumTopic":
            raise _Not(Made())
        return await self._create(topic)

    async def _create(self, topic: Topic) -> Topic:
        """Ask for the topic, once; again only if it is certain that the first time made none."""
        if topic.tried is not None and self._read_until() < topic.tried + KNOWN_AFTER:
            raise _Not(Later(seconds=LOOK_AGAIN))
        await self._store.consultations.try_topic(topic.number, time.time())
        payload: Payload = {"chat_id": topic.chat, "name": topic.title or f"#{topic.number}"}
        try:
            result = await self._api.call("createForumTopic", payload)
        except (RetryAfter, BadRequest, Forbidden):  # certainly not made
            await self._store.consultations.try_topic(topic.number, None)
            raise
        except TelegramError:  # from now on it may be made, and we may hear of it
            await self._store.consultations.try_topic(topic.number, time.time())
            raise
        match result:
            case {"message_thread_id": int() as thread}:
                await self._store.consultations.found_topic(topic.number, thread)
            case _:
                raise _Not(Later(seconds=LOOK_AGAIN))
        made = await self._store.consultations.topic(topic.number)
        if made is None:
            raise _Not(Made())
        log.info("topic made", extra={"chat": topic.chat, "event": topic.number})
        return made

    # --- cards and copies -----------------------------------------------------------------------

    async def _show_card(self, call: Call, payload: Payload, topic: Topic | None) -> Outcome:
        """Edit the card; where there is none (any more), send and pin it."""
        if topic is not None and topic.card is not None:
            edit = _without(payload, "message_thread_id") | {"message_id": topic.card}
            outcome = await self._edited("editMessageText", edit)
            if outcome is not None:
                return outcome
        sent = numbers_of(await self._api.call("sendMessage", _without(payload, "message_id")))
        pin: Payload = {
            "chat_id": call.chat, "message_id": sent[0], "disable_notification": True
        }  # fmt: skip
        try:
            await self._api.call("pinChatMessage", pin)
        except TelegramError:
            log.warning("the card was not pinned", extra={"chat": call.chat})
        return Made(results=sent)

    async def _change_copy(self, call: Call, payload: Payload, chat: int, message: int) -> Outcome:
        """Edit or delete the copy of a message; what cannot be edited is sent anew."""
        copy = await self._store.consultations.copy_of(_case_of(call), chat, message)
        if copy is not None:
            edit = _without(payload, "message_thread_id") | {"message_id": copy}
            outcome = await self._edited(call.method, _without(edit, "reply_parameters"))
            if outcome is not None:
                return outcome
        if copy is None and call.method != "editMessageText":
            return Made()  # it was never passed on, and an edit does not do that
        if call.chat not in self._groups:  # what the resident did not get is not sent by an edit
            return Hopeless(reason="no copy", all_of_chat=False)
        anew = _without(payload, "message_id")
        if call.method == "editMessageText":
            return Made(results=numbers_of(await self._api.call("sendMessage", anew)))
        caption = _caption_of(payload)
        anew = _without(_without(anew, "media"), "caption")
        anew |= {"from_chat_id": chat, "message_id": message}
        anew |= {"caption": caption} if caption else {}
        return Made(results=numbers_of(await self._api.call("copyMessage", anew)))

    async def _withdraw(self, payload: Payload, chat: int, message: int, *, asked: bool) -> Outcome:
        """Delete what was sent; a message of the resident is never deleted by a reply to it."""
        copy = await self._store.consultations.sent_copy(chat, message)
        if copy is None:
            return Hopeless(reason="no copy", all_of_chat=False) if asked else Made()
        try:
            await self._api.call("deleteMessage", payload | {"message_id": copy})
        except BadRequest as error:
            if "not found" not in error.message.lower():
                raise
        await self._store.consultations.unlink(chat, message)
        return Made()

    async def _edited(self, method: str, payload: Payload) -> Outcome | None:
        """None if the message can no longer be edited."""
        try:
            result = await self._api.call(method, payload)
        except BadRequest as error:
            said = error.message.lower()
            if "not modified" in said:
                return Made()
            if any(part in said for part in CANNOT_EDIT):
                return None
            raise
        return Made(results=numbers_of(result))

    async def _resolve_reply(self, payload: Payload, case: int) -> None:
        """In reply to the copy of a message; if there is none, to nothing."""
        match payload["reply_parameters"]:
            case {"message_id": {"copy_of": [int() as chat, int() as message]}, **others}:
                copy = await self._store.consultations.copy_of(case, chat, message)
                if copy is None:
                    del payload["reply_parameters"]
                else:
                    payload["reply_parameters"] = {**others, "message_id": copy}

    # --- refusals -------------------------------------------------------------------------------

    async def _refused(self, call: Call, error: TelegramError) -> Outcome:
        in_group = call.chat in self._groups
        if in_group and isinstance(error, Forbidden):
            if "from_chat_id" in call.payload and await self._is_well(call):
                return Hopeless(reason="source is gone", all_of_chat=False)
            return await self._stuck(call.chat, "desk.unreachable")
        if not in_group or not isinstance(error, BadRequest):
            outcome = self._api.outcome_of(error)
            if isinstance(outcome, Hopeless) and "from_chat_id" in call.payload:
                return replace(outcome, all_of_chat=False)  # it may be the other chat
            return outcome
        said = error.message.lower()
        if any(part in said for part in TOPIC_GONE):
            return await self._lose_topic(call)
        if "topic_closed" in said:
            return await self._reopen(call)
        for parts, trouble in (
            (NO_TOPICS, "desk.no_topics"),
            (NO_RIGHTS, "desk.no_rights"),
            (GONE, "desk.unreachable"),
        ):
            if any(part in said for part in parts):
                if parts is GONE and "from_chat_id" in call.payload and await self._is_well(call):
                    return Hopeless(reason="source is gone", all_of_chat=False)
                return await self._stuck(call.chat, trouble)
        outcome = self._api.outcome_of(error)  # of one call: a group is never given up
        return replace(outcome, all_of_chat=False) if isinstance(outcome, Hopeless) else outcome

    async def _lose_topic(self, call: Call) -> Outcome:
        """Somebody deleted the topic: the same call goes into a new one."""
        if call.method == "deleteForumTopic":
            return Made()
        match call.payload.get("message_thread_id"):
            case {"topic_of": int() as number}:
                topic = await self._store.consultations.topic(number)
                if topic is not None and topic.thread is not None:
                    log.info("topic lost", extra={"chat": call.chat, "event": number})
                    await self._store.consultations.lose_topic(number, topic.thread, self._now())
                return Later(seconds=0, happened=True)
        return Hopeless(reason="topic lost", all_of_chat=False)

    async def _reopen(self, call: Call) -> Outcome:
        """Somebody closed the topic on Telegram: it is needed."""
        match call.payload.get("message_thread_id"):
            case {"topic_of": int() as number}:
                topic = await self._store.consultations.topic(number)
            case _:
                return await self._stuck(call.chat, "desk.no_rights")
        thread = topic.thread if topic else None
        payload: Payload = {"chat_id": call.chat, "message_thread_id": thread}
        try:
            await self._api.call("reopenForumTopic", payload)
        except BadRequest:
            return await self._stuck(call.chat, "desk.no_rights")
        except TelegramError as error:
            return self._api.outcome_of(error)
        return Later(seconds=0)

    async def _is_well(self, call: Call) -> bool:
        """Whether nothing is wrong with the group: then it is the other chat of a copy."""
        try:
            return await self._trouble(call.chat) is None
        except TelegramError:
            return False

    async def _stuck(self, chat: int, trouble: str) -> Outcome:
        """Say what has to be mended, once an hour, where somebody can read it."""
        last = self._told.get((chat, trouble))
        if last is None or time.monotonic() - last > TELL_EVERY:
            self._told[chat, trouble] = time.monotonic()
            log.error("consultations wait: %s", trouble, extra={"chat": chat})
            await self._tell_people(chat, trouble)
        return Later(seconds=TRY_AGAIN, stuck=True, happened=True)

    async def _tell_people(self, chat: int, trouble: str) -> None:
        if not await self._tell(chat, trouble):
            for administrator in self._administrators:
                await self._tell(administrator, trouble)

    async def _tell(self, chat: int, message: str) -> bool:
        """Say a sentence beside the outbox; whether it arrived."""
        payload: Payload = {"chat_id": chat, "text": self._word(message), "parse_mode": "HTML"}
        try:
            await self._api.call("sendMessage", payload)
        except TelegramError:
            return False
        return True


def _named(payload: Payload) -> bool:
    """Whether a value is still the name of a target."""
    return any(
        isinstance(payload.get(name), dict)
        for name in ("message_thread_id", "message_id", "reply_parameters")
    )


def _case_of(call: Call) -> int:
    """The consultation that a call belongs to; 0 for none."""
    relay = call.follow.relay if call.follow else None
    return relay.case if relay else 0


def _caption_of(payload: Payload) -> object:
    """The masked caption of an edit."""
    match payload.get("media"):
        case {"caption": str() as caption}:
            return caption
        case _:
            return payload.get("caption")


def _without(payload: Payload, name: str) -> Payload:
    return {key: value for key, value in payload.items() if key != name}
