"""The calls of the Bot API, and what came of each."""

import logging
from typing import Any

from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.request import AiohttpRequest
from bot.service.sender import Hopeless, Later, Made, Moved, Outcome
from bot.storage import Call
from bot.storage.store import Payload

log = logging.getLogger(__name__)

UPDATE_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
POLL_SECONDS = 5
"""A request for updates ends so late: only its end says that there was nothing new."""

MOST_UPDATES = 100

NOTHING_TO_DO = ("not modified", "topic_not_modified")
GONE = ("chat not found", "user is deactivated", "bot was kicked", "peer_id_invalid")
CANNOT_EDIT = ("message to edit not found", "message can't be edited")


class CannotRun(Exception):
    """Telegram refuses this bot; the text says why and what to do."""


class _RawBot(Bot):
    """Any method, with its payload and result as plain JSON.

    `Bot.do_api_request` does the same, and warns at every call that a typed method exists.
    """

    async def raw(self, method: str, payload: Payload, read_timeout: float = 10) -> Any:
        return await self._post(method, payload, read_timeout=read_timeout)


class TelegramApi:
    """One bot at one Bot API server."""

    def __init__(self, token: str, *, base_url: str, proxy: str | None = None) -> None:
        self._bot = _RawBot(
            token,
            base_url=base_url,
            request=AiohttpRequest(proxy=proxy),
            get_updates_request=AiohttpRequest(connections=1, proxy=proxy),
        )

    async def open(self) -> None:
        """Connect. Raises `CannotRun` if the token is wrong."""
        try:
            await self._bot.initialize()
        except InvalidToken:
            raise CannotRun(
                "Telegram does not know this token. Copy it again from @BotFather."
            ) from None
        except TelegramError as error:
            raise CannotRun(
                f"Telegram cannot be reached ({type(error).__name__}). "
                "Check the network, telegram.base_url and telegram.proxy."
            ) from None

    @property
    def id(self) -> int:
        """The bot's own number."""
        return self._bot.id

    async def close(self) -> None:
        """Disconnect."""
        await self._bot.shutdown()

    async def get_updates(self, offset: int, *, wait: bool = True) -> list[Payload]:
        """What happened since `offset`, as Telegram wrote it; this confirms all before it.

        Without `wait` only what is there already. Raises telegram's errors.
        """
        updates: list[Payload] = await self._bot.raw(
            "getUpdates",
            {
                "offset": offset,
                "limit": MOST_UPDATES,
                "timeout": POLL_SECONDS if wait else 0,
                "allowed_updates": UPDATE_KINDS,
            },
            POLL_SECONDS + 5,
        )
        return updates

    async def call(self, method: str, payload: Payload) -> object:
        """Make any call. Raises telegram's errors."""
        return await self._bot.raw(method, payload)

    async def answer_button(self, query: str) -> None:
        """Stop the waiting sign on a button: at once, best effort, since it expires."""
        try:
            await self.call("answerCallbackQuery", {"callback_query_id": query})
        except TelegramError as error:
            log.debug("a button was not answered (%s)", type(error).__name__)

    async def make(self, call: Call) -> Outcome:
        """Make a stored call and say what came of it."""
        payload = call.payload
        match payload.get("document"):
            case {"name": str(name), "content": str(content)}:
                payload = payload | {"document": InputFile(content.encode(), filename=name)}
        try:
            result = await self.call(call.method, payload)
        except BadRequest as error:
            said = error.message.lower()
            if call.method == "editMessageText" and any(part in said for part in CANNOT_EDIT):
                payload = {key: value for key, value in call.payload.items() if key != "message_id"}
                return await self.make(Call(chat=call.chat, method="sendMessage", payload=payload))
            return self.outcome_of(error)
        except TelegramError as error:
            return self.outcome_of(error)
        return Made(results=numbers_of(result))

    def outcome_of(self, error: TelegramError) -> Outcome:
        """What a refusal means for a call."""
        match error:
            case RetryAfter():
                wait = error.retry_after
                seconds = float(wait if isinstance(wait, int) else wait.total_seconds())
                return Later(seconds=seconds)
            case ChatMigrated():
                return Moved(chat=error.new_chat_id)
            case Forbidden():
                return Hopeless(reason="Forbidden", all_of_chat=True)
            case BadRequest():
                return _refused(error.message.lower())
            case _:  # the network, a proxy, a token that was exchanged: it may work tomorrow
                return Later()


def _refused(said: str) -> Outcome:
    """A call that Telegram will never take as it is."""
    if any(part in said for part in NOTHING_TO_DO):
        return Made()
    if any(part in said for part in GONE):
        return Hopeless(reason="BadRequest: chat is gone", all_of_chat=True)
    return Hopeless(reason="BadRequest", all_of_chat=False)


def numbers_of(result: object) -> tuple[int, ...]:
    """The numbers of the messages in an answer of Telegram."""
    match result:
        case {"message_id": int() as number}:
            return (number,)
        case list():
            return tuple(number for one in result for number in numbers_of(one))
        case _:
            return ()
