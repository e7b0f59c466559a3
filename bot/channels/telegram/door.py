"""The door: stores a batch of updates, and only then lets Telegram forget it."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from telegram.error import Conflict, RetryAfter, TelegramError

from bot.channels.telegram.api import CannotRun, TelegramApi
from bot.channels.telegram.updates import read_update
from bot.storage import Store

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
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
    ) -> None:
        self._api = api
        self._store = store
        self._now = now
        self._received = received
        self._has_read = False
        self._answers: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Fetch, store, confirm."""
        offset = int(await self._store.fact("offset") or 0)
        wait = FIRST_WAIT
        while True:
            try:
                updates = await self._api.get_updates(offset)
            except TelegramError as error:
                if isinstance(error, Conflict) and not self._has_read:
                    raise CannotRun(SECOND) from None
                log.warning("Telegram cannot be reached (%s)", type(error).__name__)
                await asyncio.sleep(_wait_of(error, wait))
                wait = min(wait * 2, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            self._has_read = True
            if updates:
                offset = await self._take_in(updates)

    async def _take_in(self, updates: list[dict[str, object]]) -> int:
        """Store a batch; the offset behind it."""
        received = [read_update(update, self._now()) for update in updates]
        offset = 1 + max(one.incoming.update_id for one in received)
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
        while (await self._store.sizes()).inbox > MOST_WAITING:
            await asyncio.sleep(1)
        return offset


def _wait_of(error: TelegramError, usual: float) -> float:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return float(wait if isinstance(wait, int) else wait.total_seconds())
    return usual
