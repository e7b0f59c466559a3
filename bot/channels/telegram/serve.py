"""A whole bot on Telegram: store, door, worker, sender, and the loops around them."""

import fcntl
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.channels.telegram.api import TelegramApi
from bot.channels.telegram.door import Door
from bot.channels.telegram.profile import tell_profile
from bot.channels.telegram.render import TelegramRenderer, html
from bot.channels.telegram.staff import Groups, StaffTransport
from bot.channels.telegram.updates import utc_now
from bot.core.knowledge import COUNTER_LANGUAGE
from bot.core.message import spans
from bot.core.voice import Voice
from bot.logs import set_up_logs
from bot.service.keeper import Keeper
from bot.service.pace import Intake, Pace, Patience, Rates
from bot.service.running import keep_clean, keep_digests, keep_fresh, keep_time, run_all
from bot.service.sender import Sender
from bot.service.worker import Worker
from bot.storage import SqliteStore, StorageError

log = logging.getLogger(__name__)


async def serve(
    keeper: Keeper,
    database: Path,
    token: str,
    *,
    base_url: str,
    proxy: str | None,
    rates: Rates,
    patience: Patience,
    level: int,
) -> None:
    """Run until stopped. Raises `CannotRun` and `StorageError`."""
    with only_one(database):
        store = SqliteStore(database)
        set_up_logs(await _log_key(store), token, level)
        api = TelegramApi(token, base_url=base_url, proxy=proxy)
        try:
            await api.open()
            log.info("started")
            keeper.learn_beside()
            await _run(keeper, store, api, rates, patience)
            log.info("stopped")
        finally:
            await api.close()
            await store.close()


async def _run(
    keeper: Keeper, store: SqliteStore, api: TelegramApi, rates: Rates, patience: Patience
) -> None:
    staff = keeper.knowledge.staff
    desks = [desk.chat for desk in staff.desks] if staff else []
    groups = Groups(desks, await store.consultations.moved())

    await tell_profile(api, store, keeper.knowledge, groups.all(), utc_now().date())

    def tell(trouble: str) -> str:
        knowledge = keeper.knowledge
        language = knowledge.staff.language if knowledge.staff else COUNTER_LANGUAGE
        return html((spans(Voice(knowledge, language, utc_now().date()).message(trouble)),))

    transport = StaffTransport(
        api, store, groups, staff.administrators if staff else (),
        lambda: door.read_until(), tell, utc_now,
    )  # fmt: skip
    sender = Sender(
        store, transport, Pace(rates), time.time, in_flight=int(rates.in_flight),
        happened=lambda: worker.wake.set(), moved=groups.move,
    )  # fmt: skip
    worker = Worker(
        store, TelegramRenderer(groups.current), lambda: keeper.knowledge, utc_now,
        sender.wake.set,
    )  # fmt: skip
    door = Door(api, store, utc_now, worker.wake.set, groups, Intake(patience))
    await transport.greet()
    await run_all(
        door.run,
        worker.run,
        sender.run,
        lambda: keep_fresh(keeper, utc_now),
        lambda: keep_clean(store, utc_now, worker.wake.set),
        lambda: keep_time(store, utc_now, worker.wake.set),
        lambda: keep_digests(store, staff, groups.all, utc_now, worker.wake.set),
    )


@contextmanager
def only_one(database: Path) -> Iterator[None]:
    """Hold the database's lock file. Raises `StorageError` if another bot holds it."""
    database.parent.mkdir(parents=True, exist_ok=True)
    path = database.with_name(database.name + ".lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StorageError(
                f"{database}: another bot is running on this database. Stop it first, or name "
                "another file in database.url."
            ) from None
        yield


async def _log_key(store: SqliteStore) -> bytes:
    """The key with which ids are hashed in the logs: one for each database, never shown."""
    known = await store.fact("log key")
    if known is None:
        known = secrets.token_hex(32)
        await store.set_fact("log key", known)
    return bytes.fromhex(known)
