"""A group with topics in which the staff of a municipality work, beside `FakeTelegram`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fake_telegram import BOT, LIMITS, BadRequest, FakeTelegram, Json, Phone, Sent

RIGHTS = ("can_manage_topics", "can_pin_messages", "can_delete_messages")
ICON_COLOR = 7322096
OWNER: Json = {"id": 900000001, "is_bot": False, "first_name": "Owner"}
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group",
                   "username": "GroupAnonymousBot"}  # fmt: skip


@dataclass
class Topic:
    """A topic as the staff see it."""

    thread: int
    name: str
    closed: bool = False
    deleted: bool = False
    messages: list[Sent] = field(default_factory=list)
    """What the bot and people said there, without service messages and what was deleted."""


class ForumMethods:
    """What the bot calls in a group: topics, pins, members."""

    telegram: FakeTelegram
    id: int
    forum: bool
    rights: set[str]
    topics: dict[int, Topic]
    pinned: list[int]
    people: "dict[int, Consultant]"

    def on_createForumTopic(self, payload: Json) -> Json:  # noqa: N802
        self._check_forum("can_manage_topics", "create a topic")
        name, thread = _topic_name(payload), self.telegram.new_message_id()
        look = {"name": name, "icon_color": ICON_COLOR}
        self.topics[thread] = Topic(thread, name)
        self._announce({"forum_topic_created": look}, thread, number=thread)
        return {"message_thread_id": thread, **look}

    def on_editForumTopic(self, payload: Json) -> bool:  # noqa: N802
        self._check_forum("can_manage_topics", "edit the topic")
        topic, name = self._topic(payload), _topic_name(payload)
        if topic.name == name:
            raise BadRequest("TOPIC_NOT_MODIFIED")
        topic.name = name
        self._announce({"forum_topic_edited": {"name": name}}, topic.thread)
        return True

    def on_closeForumTopic(self, payload: Json) -> bool:  # noqa: N802
        return self._open_or_close(payload, closed=True)

    def on_reopenForumTopic(self, payload: Json) -> bool:  # noqa: N802
        return self._open_or_close(payload, closed=False)

    def on_deleteForumTopic(self, payload: Json) -> bool:  # noqa: N802
        self._check_forum("can_delete_messages", "delete the topic")
        self.delete_topic(self._topic(payload).thread)
        return True

    def on_pinChatMessage(self, payload: Json) -> bool:  # noqa: N802
        sent = self.telegram.find(self.id, payload["message_id"], "message to pin not found")
        if not self.may("can_pin_messages"):
            raise BadRequest("not enough rights to manage pinned messages in the chat")
        if sent.id not in self.pinned:
            self.pinned.append(sent.id)
            pinned = self.telegram.message(sent, inner=True)
            self._announce({"pinned_message": pinned}, sent.thread)
        return True

    def on_getChatMember(self, payload: Json) -> Json:  # noqa: N802
        user = int(payload["user_id"])
        if user == BOT["id"]:
            return {"user": BOT, **self.bot_status()}
        if user == OWNER["id"]:
            return {"user": OWNER, "status": "creator"}
        found = self.people.get(user) or self.telegram.people.get(user)
        if found is None:
            raise BadRequest("member not found")
        inside = isinstance(found, Consultant) and found.member
        return {"user": found.user, "status": "member" if inside else "left"}

    def may(self, right: str) -> bool:
        """Whether the bot has that right."""
        return right in self.rights

    def bot_status(self) -> Json:
        """What the bot is here while it is here."""
        return {"status": "administrator", **{right: self.may(right) for right in RIGHTS}}

    def check_thread(self, thread: int) -> None:
        """Whether the bot can write there."""
        topic = self.topics.get(thread)
        if topic is None or topic.deleted:
            raise BadRequest("message thread not found")
        if topic.closed and not self.may("can_manage_topics"):
            raise BadRequest("TOPIC_CLOSED")

    def delete_topic(self, thread: int) -> None:
        """With all that was said there; the bot hears nothing of it."""
        self.topics[thread].deleted = True
        for (chat, _), sent in self.telegram.messages.items():
            if chat == self.id and sent.thread == thread:
                self.telegram.forget(sent)

    def _open_or_close(self, payload: Json, *, closed: bool) -> bool:
        self._check_forum("can_manage_topics", "close or open the topic")
        topic = self._topic(payload)
        if topic.closed == closed:
            raise BadRequest("TOPIC_NOT_MODIFIED")
        topic.closed = closed
        what = "forum_topic_closed" if closed else "forum_topic_reopened"
        self._announce({what: {}}, topic.thread)
        return True

    def _check_forum(self, right: str, what: str) -> None:
        if not self.forum:
            raise BadRequest("the chat is not a forum")
        if not self.may(right):
            raise BadRequest(f"not enough rights to {what}")

    def _topic(self, payload: Json) -> Topic:
        topic = self.topics.get(int(payload["message_thread_id"]))
        if topic is None or topic.deleted:
            raise BadRequest("TOPIC_ID_INVALID")
        return topic

    def _announce(
        self, content: Json, thread: int | None = None, author: Json = BOT, number: int = 0
    ) -> None:
        """A service message."""
        self.telegram.post(
            Sent(self.id, number or self.telegram.new_message_id(), "", kind="service",
                 content=content, thread=thread, author=author)
        )  # fmt: skip


class StaffGroup(ForumMethods):
    """The group: what is in it, and what its owner does."""

    def __init__(
        self,
        telegram: FakeTelegram,
        id: int,
        *,
        forum: bool = True,
        rights: Sequence[str] = RIGHTS,
    ) -> None:
        self.telegram = telegram
        self.id = id
        self.forum = forum
        self.rights = set(rights)
        self.has_bot = True
        self.topics = {}
        self.general: list[Sent] = []
        self.pinned = []
        self.people = {}
        telegram.groups[id] = self
        telegram.known.add(id)

    @property
    def chat(self) -> Json:
        """The group as Telegram writes it."""
        supergroup = self.forum or str(self.id).startswith("-100")
        chat = {"id": self.id, "type": "supergroup" if supergroup else "group", "title": "Staff"}
        return chat | ({"is_forum": True} if self.forum else {})

    def topic(self, part: str) -> Topic:
        """The only topic whose name contains this."""
        found = [one for one in self.topics.values() if part in one.name and not one.deleted]
        assert len(found) == 1, f"{part!r} is in {len(found)} topics of {self.topics.values()}"
        return found[0]

    def messages(self, thread: int | None) -> list[Sent]:
        """What is said in a topic, or in General."""
        return self.general if thread is None else self.topics[thread].messages

    def keep(self, sent: Sent) -> None:
        """Put a message where people see it."""
        if sent.kind != "service":
            self.messages(sent.thread).append(sent)

    def forget(self, sent: Sent) -> None:
        """People see a message no longer."""
        if sent in self.messages(sent.thread):
            self.messages(sent.thread).remove(sent)
        if sent.id in self.pinned:
            self.pinned.remove(sent.id)

    def close_topic(self, thread: int) -> None:
        self.topics[thread].closed = True
        self._announce({"forum_topic_closed": {}}, thread, OWNER)

    def switch_topics_on(self) -> None:
        """The bot hears nothing of it."""
        self.forum = True

    def take_rights(self, *names: str) -> None:
        self._promote(self.rights - set(names))

    def give_rights(self, *names: str) -> None:
        self._promote(self.rights | set(names))

    def kick_bot(self) -> None:
        self.has_bot = False
        kicked = {"status": "kicked", "until_date": 0}
        self.telegram.membership(self.id, OWNER, self.bot_status(), kicked)

    def add_bot(self) -> None:
        self.has_bot = True
        self.telegram.membership(self.id, OWNER, {"status": "left"}, self.bot_status())

    def migrate(self, new_id: int) -> None:
        """Become a supergroup: another number, the same topics."""
        old_id = self.id
        self._announce({"migrate_to_chat_id": new_id}, author=OWNER)
        self.telegram.move(old_id, new_id)
        self.id = new_id
        self._announce({"migrate_from_chat_id": old_id}, author=ANONYMOUS)

    def send_as_group(self, text: str, topic: int | None = None) -> int:
        """An administrator who stays anonymous writes."""
        extra = {"sender_chat": self.chat}
        return self.telegram.post(
            Sent(self.id, self.telegram.new_message_id(), text, thread=topic, author=ANONYMOUS,
                 extra=extra)
        )  # fmt: skip

    def _promote(self, rights: set[str]) -> None:
        old = self.bot_status()
        self.rights = rights
        self.telegram.membership(self.id, OWNER, old, self.bot_status())


@dataclass
class Consultant(Phone):
    """A member of the staff group, or an outsider who writes into it."""

    telegram: FakeTelegram
    group: StaffGroup
    id: int
    name: str = "Consultant"
    member: bool = True
    language: str = "ja"
    read: dict[int | None, int] = field(default_factory=dict)
    """The last message that was heard, by topic."""

    def __post_init__(self) -> None:
        self.group.people[self.id] = self

    @property
    def chat(self) -> int:
        """The group, wherever it moved."""
        return self.group.id

    def send(
        self, text: str, topic: int | None = None, reply_to: int | None = None,
        entities: Sequence[Json] = (), **other: Any,
    ) -> int:  # fmt: skip
        """Write in a topic, in that of the message that is answered, or in General."""
        thread = self._thread(topic, reply_to)
        return self._write(
            text, thread=thread, reply_to=reply_to, entities=list(entities), extra=other
        )

    def send_media(
        self, kind: str, topic: int | None = None, caption: str | None = None,
        album: str | None = None, reply_to: int | None = None, file_id: str | None = None,
        **content: Any,
    ) -> int:  # fmt: skip
        """Send media; the number of the message."""
        return self._write(
            caption, kind, content=self._media(kind, file_id, content), album=album,
            reply_to=reply_to, thread=self._thread(topic, reply_to),
        )  # fmt: skip

    def press(self, label: str, topic: int | None = None, message: Sent | None = None) -> str:
        """Press a button of the last message in a topic that has it."""
        return self._press(label, [message] if message else self.group.messages(topic))

    def leave(self) -> None:
        self.member = False

    async def hears(self, thread: int | None, *parts: str, seconds: float = 60) -> Sent:
        """The bot's next message in a topic, which must contain all parts."""
        sent = await self._hear(
            lambda: self.group.messages(thread), self.read.get(thread, 0), parts, seconds
        )
        self.read[thread] = sent.id
        return sent

    async def finds(self, thread: int | None, *parts: str, seconds: float = 60) -> Sent:
        """A message of the bot in a topic that contains all parts, whenever it was said."""

        def found() -> list[Sent]:
            said = [one for one in self.group.messages(thread) if one.of_bot]
            return [one for one in said if all(part in one.text for part in parts)]

        await self.telegram.until(lambda: bool(found()), seconds)
        return found()[0]

    def _thread(self, topic: int | None, reply_to: int | None) -> int | None:
        if topic is None and reply_to is not None:
            topic = self.telegram.messages[self.chat, reply_to].thread
        assert topic is None or not self.group.topics[topic].deleted
        return topic


def _topic_name(payload: Json) -> str:
    name = str(payload["name"]).strip()
    if not 1 <= len(name) <= LIMITS["name"]:
        raise BadRequest("wrong length of the topic's name")
    return name
