"""The door: stores a batch of updates, and only then lets Telegram forget it."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from telegram.error import BadRequest, Conflict, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram.api import MOST_UPDATES, CannotRun, TelegramApi
from bot.channels.telegram.staff import Groups
from bot.channels.telegram.updates import Received, read_update
from bot.core.events import Done, WroteTooFast
from bot.service.pace import Intake
from bot.storage import Incoming, Store

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
MEMBER_SECONDS = 60.0
NOBODY = ("not found", "participant_id_invalid", "user_id_invalid")
MOST_WAITING = 100_000
"""Events: with more than this undecided, the rest stays with Telegram."""

SECOND = (
    "Another process is already running with this token, or a webhook is set. "
    "Stop it first: one bot can be read by one process only."
)


class Door:
    """Reads updates for ever. Ends only with an error of the store, or if it was the second.

    Two processes that read for one bot end each other's requests in turn. The one that has not
    read anything yet is the second: it says so and ends, and the first goes on.
    """

    def __init__(
        self,
        api: TelegramApi,
        store: Store,
        now: Callable[[], datetime],
        received: Callable[[], None],
        groups: Groups,
        intake: Intake,
    ) -> None:
        self._intake = intake
        self._groups = groups
        self._members: dict[tuple[int, int], float] = {}
        self._read_until = 0.0
        self._api = api
        self._store = store
        self._now = now
        self._received = received
        self._has_read = False
        self._answers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Fetch, store, confirm."""
        offset = int(await self._store.fact("offset") or 0)
        wait, waiting = FIRST_WAIT, False
        while True:
            began = time.time()
            try:
                updates = await self._api.get_updates(offset, wait=waiting)
                if updates:
                    offset = await self._take_in(updates)
                if len(updates) < MOST_UPDATES:
                    self._read_until = began
            except TelegramError as error:
                if isinstance(error, Conflict) and not self._has_read:
                    raise CannotRun(SECOND) from None
                log.warning("Telegram cannot be reached (%s)", type(error).__name__)
                await asyncio.sleep(_wait_of(error, wait))
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            self._has_read = waiting  # the first request, which does not wait, proves nothing
            waiting = True

    def read_until(self) -> float:
        """The moment (in seconds) up to which all that Telegram knew is stored.

        Only a request that ended says so: one that stays open may have lost its connection.
        """
        return self._read_until

    async def _take_in(self, updates: list[dict[str, object]]) -> int:
        """Store a batch; the offset behind it."""
        received = [read_update(update, self._now(), self._groups) for update in updates]
        received = [await self._checked(one) for one in received]
        received = [
            self._taken(one, _moment_of(update) or self._now().timestamp())
            for one, update in zip(received, updates, strict=True)
        ]
        offset = 1 + max(int(str(update["update_id"])) for update in updates)
        stored = [one.incoming for one in received]
        new = await self._store.receive(stored, offset, self._now().timestamp())
        for incoming in stored:
            if incoming.event is None:
                log.info("not for us: %s", incoming.error)
        log.info("received %d, new %d", len(updates), new)
        self._received()
        for one in received:
            if one.button is not None:
                task = asyncio.create_task(self._api.answer_button(one.button))
                self._answers.add(task)
                task.add_done_callback(self._answers.discard)
        for one in received:
            if one.rights is not None:
                await self._store.hurry(one.rights)
            if one.moved is not None and one.moved[0] in self._groups:
                await self._store.move_chat(*one.moved)
                self._groups.move(*one.moved)
        if len(updates) == MOST_UPDATES:  # there may be many more
            while (await self._store.sizes()).inbox > MOST_WAITING:
                await asyncio.sleep(1)
        return offset

    async def _checked(self, one: Received) -> Received:
        """Only members of a staff group act for the staff, wherever they got a button from."""
        if one.member is None:
            return one
        member = await self._is_member(*one.member)
        if member is None:  # nobody can write in a closed group who is not in it
            log.warning("Telegram does not say who is in the group", extra={"chat": one.member[0]})
            member = one.button is None
        if member:
            return one
        return replace(one, incoming=_refused(one.incoming, "not a member"))

    def _taken(self, one: Received, at: float) -> Received:
        """Of a resident who floods the bot, only that they do."""
        incoming = one.incoming
        if not isinstance(incoming.event, Done) or incoming.event.by is not None:
            return one
        verdict = self._intake.judge(str(incoming.conversation), at)
        if verdict == "take":
            return one
        log.warning("too many messages of one person", extra={"chat": incoming.conversation})
        if verdict == "drop":
            return replace(one, incoming=_refused(incoming, "too many messages"))
        event = WroteTooFast(at=incoming.event.at, number=0, hint=incoming.event.hint)
        return replace(one, incoming=replace(incoming, event=event))

    async def _is_member(self, group: int, person: int) -> bool | None:
        """Asked of Telegram once a minute; None if it does not say.

        Raises telegram's errors: then the batch comes again.
        """
        known = self._members.get((group, person))
        if known is not None and time.monotonic() - known < MEMBER_SECONDS:
            return True
        try:
            answer = await self._api.call("getChatMember", {"chat_id": group, "user_id": person})
        except (BadRequest, Forbidden) as error:
            unknown = any(part in error.message.lower() for part in NOBODY)
            return False if unknown else None
        match answer:
            case {"status": "creator" | "administrator" | "member"}:
                pass
            case {"status": "restricted", "is_member": True}:
                pass
            case _:
                return False
        self._members[group, person] = time.monotonic()
        return True


def _refused(incoming: Incoming, why: str) -> Incoming:
    """Only that something came, and why nothing is done about it."""
    return replace(incoming, event=None, conversation=None, error=why)


def _moment_of(update: Mapping[str, object]) -> float | None:
    """When a message was written or edited: after an outage, hours of messages come at once."""
    match update:
        case {"message": {"date": int() as moment}}:
            return float(moment)
        case {"edited_message": {"edit_date": int() as moment}}:
            return float(moment)
    return None


def _wait_of(error: TelegramError, usual: float) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds())
    return usual
