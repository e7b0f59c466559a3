"""What is kept in the embedded database."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.events import ReminderDue, TextSaid
from bot.core.session import Run, Session
from bot.storage import Call, Finished, Incoming, SqliteStore, StorageError

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def said(update_id: int, conversation: str, text: str = "hello") -> Incoming:
    event = TextSaid(text=text, at=NOW, number=0)
    return Incoming(update_id=update_id, conversation=conversation, event=event)


def send(chat: int, text: str = "hi") -> Call:
    return Call(chat=chat, method="sendMessage", payload={"chat_id": chat, "text": text})


def query(path: Path, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "m.sqlite3"


@pytest.fixture
def store(path: Path) -> SqliteStore:
    return SqliteStore(path)


async def test_a_session_survives_a_restart(store: SqliteStore, path: Path) -> None:
    session = Session(language="ja", place="tokyo_hino", answer="nhi.enrol", misses=1)
    assert await store.session("1") == Session()
    await store.finish([Finished(conversation="1", session=session)], NOW)
    await store.close()
    assert await SqliteStore(path).session("1") == session


async def test_feedback_is_counted_without_text_or_person(store: SqliteStore) -> None:
    for helpful in (True, True, False):
        turn = Finished(
            conversation="1", session=Session(), feedback=(("nhi.enrol", "en", helpful),)
        )
        await store.finish([turn], NOW)
    assert await store.feedback() == [("nhi.enrol", "en", False, 1), ("nhi.enrol", "en", True, 2)]


async def test_fields_of_another_version_are_dropped(store: SqliteStore, path: Path) -> None:
    await store.finish([Finished(conversation="1", session=Session(misses=1))], NOW)
    await store.close()
    connection = sqlite3.connect(path)
    connection.execute("""update session set body = '{"place": "x", "gone": 1}'""")
    connection.commit()
    connection.close()
    assert await SqliteStore(path).session("1") == Session(place="x")


async def test_an_update_that_comes_twice_is_one_event(store: SqliteStore) -> None:
    assert await store.receive([said(7, "1"), said(8, "1"), said(7, "1")], 9, 0.0) == 2
    assert await store.receive([said(8, "1")], 9, 0.0) == 0
    assert await store.fact("offset") == "9"


async def test_events_wait_in_order_one_a_conversation(store: SqliteStore) -> None:
    await store.receive([said(9, "1", "a"), said(3, "2", "b"), said(4, "1", "c")], 10, 0.0)
    waiting = await store.waiting(10)
    assert [(one.conversation, one.event.number == one.seq) for one in waiting] == [
        ("1", True),
        ("2", True),
    ]
    await store.finish(
        [Finished(conversation="1", session=Session(misses=1), seq=waiting[0].seq)], NOW
    )
    following = await store.waiting(10)
    assert [one.conversation for one in following] == ["2", "1"]
    assert following[1].session == Session(misses=1)


async def test_a_handled_event_leaves_only_its_number(store: SqliteStore, path: Path) -> None:
    await store.receive([said(7, "41", "marker text")], 8, NOW.timestamp())
    (waiting,) = await store.waiting(1)
    await store.finish([Finished(conversation="41", session=Session(), seq=waiting.seq)], NOW)
    await store.clean(NOW)
    rows = query(path, "select update_id, conversation, body, state from inbox")
    assert rows == [(7, None, None, "done")]
    await store.close()
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"marker text" not in kept


async def test_calls_of_a_chat_go_in_order_and_others_do_not_wait(store: SqliteStore) -> None:
    calls = (send(1, "a"), send(1, "b"), send(2, "c"))
    await store.finish([Finished(conversation="1", session=Session(), calls=calls)], NOW)
    first, other = await store.outgoing(10, 0.0, [])
    assert [first.call.payload["text"], other.call.payload["text"]] == ["a", "c"]
    await store.postpone(first.id, 100.0)
    assert [one.call.chat for one in await store.outgoing(10, 50.0, [])] == [2]
    assert [one.attempts for one in await store.outgoing(10, 100.0, [2])] == [1]
    await store.sent(first.id, (), NOW)
    assert (await store.outgoing(10, 0.0, [2]))[0].call.payload["text"] == "b"


async def test_a_chat_that_is_gone_gets_nothing_more(store: SqliteStore) -> None:
    calls = (send(1, "a"), send(1, "b"), send(2, "c"))
    await store.finish([Finished(conversation="1", session=Session(), calls=calls)], NOW)
    first = (await store.outgoing(1, 0.0, []))[0]
    await store.give_up(first.id, "Forbidden", NOW, all_of_chat=True)
    assert [one.call.chat for one in await store.outgoing(10, 0.0, [])] == [2]
    assert (await store.sizes()).dead == 2


async def test_a_group_that_moved_is_followed(store: SqliteStore) -> None:
    await store.finish([Finished(conversation="-5", session=Session(), calls=(send(-5),))], NOW)
    await store.move_chat(-5, -100)
    (moved,) = await store.outgoing(1, 0.0, [])
    assert (moved.call.chat, moved.call.payload["chat_id"]) == (-100, -100)


async def test_forgetting_leaves_nothing_of_a_person(store: SqliteStore, path: Path) -> None:
    await store.receive([said(7, "987654321")], 8, 0.0)
    (waiting,) = await store.waiting(1)
    await store.finish(
        [Finished(conversation="987654321", session=Session(place="tokyo_hino"), seq=waiting.seq)],
        NOW,
    )
    await store.receive([said(8, "987654321")], 9, 0.0)
    (waiting,) = await store.waiting(1)
    turn = Finished(
        conversation="987654321",
        session=Session(),
        seq=waiting.seq,
        forget=True,
        calls=(send(987654321),),
    )
    await store.finish([turn], NOW)
    await store.sent((await store.outgoing(1, 0.0, []))[0].id, (), NOW)
    await store.clean(NOW)
    await store.close()
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"987654321" not in kept
    assert b"tokyo_hino" not in kept


async def test_old_things_are_erased_and_young_ones_kept(store: SqliteStore, path: Path) -> None:
    await store.receive([said(7, "1"), said(8, "2")], 9, NOW.timestamp())
    for waiting in await store.waiting(2):
        session = Session(misses=1)
        turn = Finished(conversation=waiting.conversation, session=session, seq=waiting.seq)
        await store.finish([turn], NOW)
    await store.clean(NOW + timedelta(hours=47))
    assert len(query(path, "select * from inbox")) == 2
    await store.clean(NOW + timedelta(hours=49))
    assert query(path, "select * from inbox") == []
    assert len(query(path, "select * from session")) == 2
    await store.clean(NOW + timedelta(days=31))
    assert query(path, "select * from session") == []


async def test_the_answers_of_an_unfinished_dialog_go_too(store: SqliteStore, path: Path) -> None:
    """Although the session lives on, for a reminder or because the resident came back."""
    run = Run(dialog="join", answers=(("age", 40),), step=1, at=NOW.isoformat(), asks="work")
    later = NOW + timedelta(days=29)
    await store.finish([Finished(conversation="1", session=Session(place="x", run=run))], later)
    await store.clean(later)
    assert (await store.session("1")).run == run
    await store.clean(NOW + timedelta(days=31))
    assert await store.session("1") == Session(place="x")


async def test_an_empty_session_leaves_no_trace(store: SqliteStore, path: Path) -> None:
    await store.finish([Finished(conversation="1", session=Session(misses=1))], NOW)
    await store.finish([Finished(conversation="1", session=Session())], NOW)
    assert query(path, "select * from session") == []


async def test_what_was_to_happen_later_goes_with_the_session(
    store: SqliteStore, path: Path
) -> None:
    event = ReminderDue(
        at=NOW + timedelta(days=90), number=0, day="2027-02-19", subject="x", before=0
    )
    await store.finish([Finished(conversation="1", session=Session(misses=1), later=(event,))], NOW)
    await store.clean(NOW + timedelta(days=29))
    assert len(query(path, "select * from inbox where state = 'later'")) == 1
    await store.clean(NOW + timedelta(days=31))
    assert query(path, "select * from inbox") == []


async def test_an_event_of_another_version_is_set_aside(store: SqliteStore, path: Path) -> None:
    await store.receive([said(7, "1"), said(8, "2")], 9, NOW.timestamp())
    await store.close()
    connection = sqlite3.connect(path)
    connection.execute("""update inbox set body = '{"type": "Gone"}' where update_id = 7""")
    connection.commit()
    connection.close()
    again = SqliteStore(path)
    assert [one.conversation for one in await again.waiting(2)] == ["2"]
    assert (await again.sizes()).failed == 1
    await again.close()


async def test_only_the_owner_can_read_the_database(store: SqliteStore, path: Path) -> None:
    await store.receive([said(7, "1")], 8, NOW.timestamp())
    assert {oct(file.stat().st_mode & 0o777) for file in path.parent.iterdir()} == {"0o600"}


async def test_many_at_once_share_commits(store: SqliteStore) -> None:
    turns = [
        store.finish([Finished(conversation=str(number), session=Session(misses=number))], NOW)
        for number in range(300)
    ]
    await asyncio.gather(*turns)
    assert (await store.session("299")).misses == 299


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match="cannot be opened"):
        SqliteStore(path)


async def test_a_newer_database_is_left_alone(store: SqliteStore, path: Path) -> None:
    await store.close()
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 999")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        SqliteStore(path)


async def test_a_locked_database_fails_the_command_and_loses_nothing(
    store: SqliteStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever could not be stored is told; nothing is half stored."""
    await store.set_fact("a", "1")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(StorageError, match="cannot be written"):
        await store.set_fact("a", "2")
    holder.execute("rollback")
    holder.close()
    assert await store.fact("a") == "1"


async def test_answers_of_a_dialog_are_erased_after_their_time(store: SqliteStore) -> None:
    """A day after the result, thirty days after the last answer of an unfinished one."""
    finished = Run(dialog="x", answers=(("age", 34),), step=1, at=NOW.isoformat())
    begun = replace(finished, asks="income")
    kept = {"1": Session(language="ja", run=finished), "2": Session(language="ja", run=begun)}
    turns = [Finished(conversation=name, session=session) for name, session in kept.items()]
    await store.finish(turns, NOW)
    assert (await store.session("1")) == kept["1"]
    await store.clean(NOW + timedelta(hours=23))
    assert (await store.session("1")).run == finished
    await store.clean(NOW + timedelta(hours=25))
    assert (await store.session("1")) == Session(language="ja")
    assert (await store.session("2")).run == begun
    await store.clean(NOW + timedelta(days=31))
    assert (await store.session("2")) == Session()
    await store.close()
