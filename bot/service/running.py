"""All loops of a running bot: door, worker, sender, cleaning and changed files, until one fails.

Fail-stop: an error of the store ends the process with everything stored, and starting again is the
normal way on. Nothing is recovered that an ordinary start would not do.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from datetime import date, datetime, timedelta

from bot.core.consultation.staffing import Staff
from bot.core.events import JAPAN, DigestDue
from bot.loading import Problem
from bot.service.keeper import Keeper
from bot.storage import Store

log = logging.getLogger(__name__)

LOOK_AT_FILES_SECONDS = 2.0
CLEAN_SECONDS = 3600.0
WAKE_SECONDS = 0.5
"""The pictures of an album wait for each other this much longer than they need to."""

DIGEST_SECONDS = 60.0

Loop = Callable[[], Coroutine[None, None, None]]


async def run_all(*loops: Loop) -> None:
    """Run the loops until a signal stops them or one of them fails; its error is raised."""
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    tasks = [asyncio.create_task(loop()) for loop in (*loops, stopping.wait)]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


async def keep_fresh(keeper: Keeper, now: Callable[[], datetime]) -> None:
    """Take up saved changes of the knowledge."""
    while True:
        await asyncio.sleep(LOOK_AT_FILES_SECONDS)
        try:
            if await asyncio.to_thread(keeper.refresh, _tell, now().date()):
                log.info("the knowledge was changed")
        except Exception:  # whatever is wrong with a file, the conversation goes on
            log.exception("the change cannot be read, the last good knowledge stays")


async def keep_time(store: Store, now: Callable[[], datetime], woken: Callable[[], None]) -> None:
    """Let happen what was to happen later; what was missed in a standstill, at the start."""
    while True:
        if await store.wake(now().timestamp()):
            woken()
        await asyncio.sleep(WAKE_SECONDS)


async def keep_clean(
    store: Store, now: Callable[[], datetime], expired: Callable[[], None]
) -> None:
    """Erase what is older than it may be kept, at the start and every hour."""
    while True:
        await store.clean(now())
        expired()
        await asyncio.sleep(CLEAN_SECONDS)


async def keep_digests(
    store: Store,
    staff: Staff | None,
    groups: Callable[[], tuple[int, ...]],
    now: Callable[[], datetime],
    due: Callable[[], None],
) -> None:
    """Once on every day of work, from the hour of the digest on, let each desk have it."""
    while staff is not None:
        here = now().astimezone(JAPAN)
        if here.time() >= staff.digest and staff.hours.on(here.date()):
            for group in groups():
                name = f"digest {group}"
                last = await store.fact(name)
                day = date.fromisoformat(last) if last else here.date() - timedelta(days=1)
                since = datetime.combine(day, staff.digest, JAPAN)
                event = DigestDue(at=now(), number=0, group=group, since=since.isoformat())
                if await store.add_once(str(group), event, name, here.date().isoformat()):
                    due()
        await asyncio.sleep(DIGEST_SECONDS)
    await asyncio.Event().wait()


def _tell(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        log.error("the change has a mistake, the last good knowledge stays: %s", problem)
