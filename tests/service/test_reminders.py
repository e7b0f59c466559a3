"""Reminders: said once, in daytime, in the language chosen by then, whatever happened between."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.dialogs.finding import Due
from bot.core.events import JAPAN
from bot.core.knowledge import Knowledge
from bot.core.reminders import DAYS_BEFORE, reminders_of, replaced, wake_ups
from bot.core.session import SESSION_DAYS, Reminder, Session
from bot.service.conversing import decide, finished
from bot.storage import Finished, SqliteStore

MORNING = datetime(2026, 11, 10, 10, tzinfo=JAPAN)
DUE = Due(day=datetime(2026, 11, 30, tzinfo=JAPAN).date(), subject="premium", yen=12_300)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "m.sqlite3")
    yield opened
    await opened.close()


def set_for(due: Due, now: datetime, before: tuple[int, ...] = DAYS_BEFORE) -> Finished:
    """The turn in which somebody in Hino asks to be reminded."""
    made = reminders_of((due,), before, "tokyo_hino", now.astimezone(JAPAN).date())
    session = replaced(Session(place="tokyo_hino"), made, (due,))
    later = tuple(one.event for one in wake_ups(made, "en"))
    return Finished(conversation="7", session=session, later=later)


async def wake(store: SqliteStore, now: datetime, knowledge: Knowledge) -> list[str]:
    """What is said when the bot looks at its clock, as the worker does it."""
    said: list[str] = []
    await store.wake(now.timestamp())
    while waiting := await store.waiting(10):
        for one in waiting:
            event = replace(one.event, at=now)
            reply = decide(one.session, event, knowledge)
            said += [message.text for message in reply.messages]
            await store.finish([replace(finished(reply, "7"), seq=one.seq)], now)
    return said


async def test_three_reminders_each_once(store: SqliteStore, knowledge: Knowledge) -> None:
    await store.finish([set_for(DUE, MORNING)], MORNING)
    assert await wake(store, datetime(2026, 11, 22, 12, tzinfo=JAPAN), knowledge) == []
    for day, words in ((23, "7 days left"), (28, "2 days left"), (30, "today")):
        now = datetime(2026, 11, day, 9, 1, tzinfo=JAPAN)
        (said,) = await wake(store, now, knowledge)
        assert words in said
        assert "30 November 2026" in said
        assert "12,300 yen" in said
        assert "Hino City" in said
        assert await wake(store, now, knowledge) == []
    assert (await store.session("7")).reminders == ()


async def test_after_a_standstill_what_is_true_is_said_once(
    store: SqliteStore, knowledge: Knowledge
) -> None:
    await store.finish([set_for(DUE, MORNING)], MORNING)
    (said,) = await wake(store, datetime(2026, 11, 29, 9, 30, tzinfo=JAPAN), knowledge)
    assert "1 day left" in said
    (late,) = await wake(store, datetime(2026, 12, 2, 9, 30, tzinfo=JAPAN), knowledge)
    assert "has passed" in late


async def test_nobody_is_woken_at_night(store: SqliteStore, knowledge: Knowledge) -> None:
    await store.finish([set_for(DUE, MORNING)], MORNING)
    assert await wake(store, datetime(2026, 11, 23, 23, 0, tzinfo=JAPAN), knowledge) == []
    assert await wake(store, datetime(2026, 11, 24, 3, 0, tzinfo=JAPAN), knowledge) == []
    (said,) = await wake(store, datetime(2026, 11, 24, 9, 0, tzinfo=JAPAN), knowledge)
    assert "6 days left" in said


async def test_a_clock_that_was_wrong(store: SqliteStore, knowledge: Knowledge) -> None:
    """Woken by a clock that was a week ahead: it waits for the real day."""
    await store.finish([set_for(DUE, MORNING)], MORNING)
    await store.wake(datetime(2026, 11, 24, tzinfo=JAPAN).timestamp())
    assert await wake(store, datetime(2026, 11, 17, 10, tzinfo=JAPAN), knowledge) == []
    (said,) = await wake(store, datetime(2026, 11, 23, 9, 0, tzinfo=JAPAN), knowledge)
    assert "7 days left" in said


async def test_a_removed_reminder_stays_silent(store: SqliteStore, knowledge: Knowledge) -> None:
    await store.finish([set_for(DUE, MORNING)], MORNING)
    session = replace(await store.session("7"), reminders=())
    await store.finish([Finished(conversation="7", session=session)], MORNING)
    assert await wake(store, datetime(2026, 11, 23, 10, tzinfo=JAPAN), knowledge) == []


async def test_the_language_chosen_by_then(store: SqliteStore, knowledge: Knowledge) -> None:
    await store.finish([set_for(DUE, MORNING)], MORNING)
    session = replace(await store.session("7"), language="ja")
    await store.finish([Finished(conversation="7", session=session)], MORNING)
    (said,) = await wake(store, datetime(2026, 11, 23, 10, tzinfo=JAPAN), knowledge)
    assert "2026年11月30日" in said


async def test_they_survive_a_restart_and_the_end_of_the_session(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    far = replace(DUE, day=DUE.day + timedelta(days=90))
    store = SqliteStore(tmp_path / "m.sqlite3")
    await store.finish([set_for(far, MORNING, (0,))], MORNING)
    await store.close()
    store = SqliteStore(tmp_path / "m.sqlite3")
    day = datetime(2027, 2, 28, 9, 30, tzinfo=JAPAN)
    await store.clean(day - timedelta(days=1))
    assert len(await wake(store, day, knowledge)) == 1
    await store.clean(day + timedelta(days=SESSION_DAYS + 1))
    assert (await store.session("7")) == Session()
    await store.close()


async def test_forgetting_takes_them_too(store: SqliteStore, knowledge: Knowledge) -> None:
    await store.finish([set_for(DUE, MORNING)], MORNING)
    await store.finish([Finished(conversation="7", session=Session(), forget=True)], MORNING)
    assert await store.wake(datetime(2027, 1, 1, tzinfo=JAPAN).timestamp()) == 0


def test_days_that_have_passed_are_not_promised() -> None:
    now = datetime(2026, 11, 29, 12, tzinfo=JAPAN).date()
    (made,) = reminders_of((DUE,), DAYS_BEFORE, None, now)
    assert made == Reminder(day="2026-11-30", subject="premium", yen=12_300, before=(0,))
    assert reminders_of((DUE,), DAYS_BEFORE, None, DUE.day) == ()
