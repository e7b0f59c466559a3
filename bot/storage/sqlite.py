"""The embedded database: plain SQL over the standard library's sqlite3, in one thread."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.core.events import Done, Event
from bot.core.session import DONE_HOURS, FINISHED_HOURS, SESSION_DAYS, Session
from bot.storage import consultations as consulting
from bot.storage.codec import (
    event_from_json,
    event_to_json,
    session_from_json,
    session_to_json,
)
from bot.storage.store import (
    CONSOLE,
    Call,
    Finished,
    Follow,
    Incoming,
    Outgoing,
    Sizes,
    Waiting,
)
from bot.storage.writer import Command, WriterThread

CLEANED_AT_ONCE = 500

CLEANING = (
    "delete from inbox where seq in (select seq from inbox "
    "where state not in ('waiting', 'later') and received < ? limit ?)",
    "delete from outbox where id in (select id from outbox "
    "where state <> 'waiting' and created < ? limit ?)",
    "delete from session where conversation in (select conversation from session "
    "where updated < ? limit ?)",
    "update session set body = json_remove(body, '$.run') where conversation in (select "
    "conversation from session where json_extract(body, '$.run.at') < ? "
    "and json_extract(body, '$.run.asks') is null limit ?)",
    "update session set body = json_remove(body, '$.run') where conversation in (select "
    "conversation from session where json_extract(body, '$.run.at') < ? limit ?)",
)
"""What is erased after its time: records of handled events, calls given up, unused sessions, and
the answers of dialogs, finished and not."""


class SqliteStore:
    """A `Store` on one file. Commands of any thread or event loop; see `writer`."""

    def __init__(self, path: Path) -> None:
        """Open or create the database. Raises `StorageError`."""
        self._writer = WriterThread(path)
        self._do = self._writer.do
        self.consultations = consulting.SqliteConsultations(self._do)

    async def close(self) -> None:
        await self._writer.close()

    async def session(self, conversation: str) -> Session:
        return await self._do(lambda db: _session(db, conversation))

    async def receive(self, batch: Sequence[Incoming], offset: int, now: float) -> int:
        def command(db: sqlite3.Connection) -> int:
            new = sum(_receive(db, one, now) for one in batch)
            _set_fact(db, "offset", str(offset))
            return new

        return await self._do(command)

    async def add(self, conversation: str, event: Event) -> int:
        def command(db: sqlite3.Connection) -> int:
            consulting.insert_event(db, conversation, event)
            return int(db.execute("select last_insert_rowid()").fetchone()[0])

        return await self._do(command)

    async def add_once(self, conversation: str, event: Event, name: str, value: str) -> bool:
        def command(db: sqlite3.Connection) -> bool:
            row = db.execute("select value from fact where name = ?", (name,)).fetchone()
            if row == (value,):
                return False
            _set_fact(db, name, value)
            consulting.insert_event(db, conversation, event)
            return True

        return await self._do(command)

    async def waiting(self, limit: int) -> list[Waiting]:
        return await self._do(
            lambda db: _waiting(
                db,
                "(select min(seq) as seq from inbox where state = 'waiting' "
                "and conversation <> ? group by conversation order by 1 limit ?)",
                CONSOLE,
                limit,
            )
        )

    async def next_for(self, conversation: str) -> Waiting | None:
        first = "(select min(seq) as seq from inbox where state = 'waiting' and conversation = ?)"
        found = await self._do(lambda db: _waiting(db, first, conversation))
        return found[0] if found else None

    async def finish(self, turns: Sequence[Finished], at: datetime) -> None:
        def command(db: sqlite3.Connection) -> None:
            for turn in turns:
                _finish(db, turn, at)

        await self._do(command)

    async def wake(self, now: float) -> int:
        statement = "update inbox set state = 'waiting' where state = 'later' and received <= ?"
        return await self._do(lambda db: db.execute(statement, (now,)).rowcount)

    async def retry(self, seq: int) -> int:
        def command(db: sqlite3.Connection) -> int:
            db.execute("update inbox set attempts = attempts + 1 where seq = ?", (seq,))
            row = db.execute("select attempts from inbox where seq = ?", (seq,)).fetchone()
            return int(row[0])

        return await self._do(command)

    async def outgoing(self, limit: int, now: float, busy: Sequence[int]) -> list[Outgoing]:
        def command(db: sqlite3.Connection) -> list[Outgoing]:
            marks = ",".join("?" * len(busy))
            rows = db.execute(
                "select outbox.id, outbox.chat, method, payload, attempts, key, follow from "  # noqa: S608
                "(select min(id) as id from outbox where state = 'waiting' "
                f"and chat not in ({marks}) group by chat order by 1) as first "
                "join outbox on outbox.id = first.id where not_before <= ? "
                "order by outbox.id limit ?",
                (*busy, now, limit),
            )
            return [_outgoing(row) for row in rows]

        return await self._do(command)

    async def calls_for(self, chat: int) -> list[Outgoing]:
        statement = (
            "select id, chat, method, payload, attempts, key, follow from outbox "
            "where state = 'waiting' and chat = ? order by id"
        )
        return await self._do(lambda db: [_outgoing(row) for row in db.execute(statement, (chat,))])

    async def sent(
        self, id: int, results: Sequence[int], now: datetime, follow: Follow | None = None
    ) -> None:
        def command(db: sqlite3.Connection) -> None:
            db.execute("delete from outbox where id = ?", (id,))
            if follow is not None:
                consulting.was_made(db, follow, results, now)

        await self._do(command)

    async def postpone(self, id: int, until: float, *, failed: bool = True) -> None:
        statement = "update outbox set not_before = ?, attempts = attempts + ? where id = ?"
        await self._write(statement, until, failed, id)

    async def hurry(self, chat: int) -> None:
        await self._write(
            "update outbox set not_before = 0 where state = 'waiting' and chat = ?", chat
        )

    async def give_up(self, id: int, reason: str, now: datetime, *, all_of_chat: bool) -> None:
        same_chat = "chat = (select chat from outbox where id = ?)"

        def command(db: sqlite3.Connection) -> None:
            which = f"state = 'waiting' and {same_chat if all_of_chat else 'id = ?'}"
            rows = db.execute(
                f"select chat, follow from outbox where {which}",  # noqa: S608
                (id,),
            ).fetchall()
            db.execute(
                "update outbox set state = 'dead', payload = null, follow = null, "  # noqa: S608
                f"reason = ? where {which}",
                (reason, id),
            )
            if rows:
                follows = [follow for _, follow in rows if follow is not None]
                consulting.gave_up(db, rows[0][0], follows, now, blocked=all_of_chat)

        await self._do(command)

    async def move_chat(self, old: int, new: int) -> None:
        def command(db: sqlite3.Connection) -> None:
            rows = db.execute(
                "select id, payload from outbox where state = 'waiting' and chat = ?", (old,)
            ).fetchall()
            for id_, payload in rows:
                moved = json.dumps(json.loads(payload) | {"chat_id": new})
                db.execute(
                    "update outbox set chat = ?, payload = ? where id = ?", (new, moved, id_)
                )
            consulting.move(db, old, new)

        await self._do(command)

    async def fact(self, name: str) -> str | None:
        def command(db: sqlite3.Connection) -> str | None:
            row = db.execute("select value from fact where name = ?", (name,)).fetchone()
            return str(row[0]) if row else None

        return await self._do(command)

    async def set_fact(self, name: str, value: str) -> None:
        await self._do(lambda db: _set_fact(db, name, value))

    async def sizes(self) -> Sizes:
        def command(db: sqlite3.Connection) -> Sizes:
            row = db.execute(
                "select (select count(*) from inbox where state = 'waiting'),"
                "(select count(*) from outbox where state = 'waiting'),"
                "(select count(*) from outbox where state = 'dead'),"
                "(select count(*) from inbox where state = 'failed')"
            ).fetchone()
            return Sizes(inbox=row[0], outbox=row[1], dead=row[2], failed=row[3])

        return await self._do(command)

    async def clean(self, now: datetime) -> None:
        """In small steps, so that nobody waits for it; then no copy of it is left in the log."""
        handled = (now - timedelta(hours=DONE_HOURS)).timestamp()
        unused = (now - timedelta(days=SESSION_DAYS)).isoformat()
        finished = (now - timedelta(hours=FINISHED_HOURS)).astimezone(UTC).isoformat()
        stopped = (now - timedelta(days=SESSION_DAYS)).astimezone(UTC).isoformat()
        limits = (handled, handled, unused, finished, stopped)
        for statement, before in zip(CLEANING, limits, strict=True):
            while await self._do(_deleting(statement, before)) == CLEANED_AT_ONCE:
                pass
        await self._do(lambda db: consulting.clean(db, now))
        await self._write(
            "delete from inbox where state = 'later' "
            "and conversation not in (select conversation from session)"
        )
        await self._do(lambda db: _run_pragma(db, "wal_checkpoint(truncate)"), alone=True)

    async def feedback(self) -> list[tuple[str, str, bool, int]]:
        def command(db: sqlite3.Connection) -> list[tuple[str, str, bool, int]]:
            rows = db.execute(
                "select intent, language, helpful, count from feedback order by 1, 2, 3"
            )
            return [(intent, tag, bool(helpful), count) for intent, tag, helpful, count in rows]

        return await self._do(command)

    async def _write(self, statement: str, *values: object) -> None:
        await self._do(lambda db: db.execute(statement, values).rowcount)


def _run_pragma(db: sqlite3.Connection, pragma: str) -> None:
    db.execute(f"pragma {pragma}").fetchall()


def _receive(db: sqlite3.Connection, one: Incoming, now: float) -> int:
    """Store what was received, and how much of it is new (1 or 0).

    What happened in a topic belongs to the resident whose consultation is there.
    """
    conversation, event = one.conversation, one.event
    if one.found is not None and one.thread is not None:
        consulting.found(db, one.found, one.thread)
    if isinstance(event, Done) and event.group is not None and one.thread is not None:
        place = consulting.at_topic(db, event.group, one.thread)
        if place is not None:
            conversation, event = place[0] or conversation, replace(event, case=place[1])
    return db.execute(
        "insert into inbox (update_id, conversation, body, state, error, received) "
        "values (?, ?, ?, ?, ?, ?) on conflict (update_id) do nothing",
        (
            one.update_id,
            conversation,
            event_to_json(event) if event else None,
            "waiting" if event else "unreadable",
            one.error,
            now,
        ),
    ).rowcount


def _waiting(db: sqlite3.Connection, first: str, *values: object) -> list[Waiting]:
    """Events with their sessions; `first` selects their seq."""
    rows = db.execute(
        "select inbox.seq, inbox.conversation, inbox.body, inbox.attempts, "  # noqa: S608
        f"session.body from {first} as first join inbox on inbox.seq = first.seq "
        "left join session on session.conversation = inbox.conversation order by inbox.seq",
        values,
    )
    found: list[Waiting] = []
    for seq, conversation, body, attempts, session in rows.fetchall():
        try:
            event = event_from_json(body, seq)
        except (KeyError, ValueError):
            _set_aside(db, seq)
            continue
        found.append(
            Waiting(
                seq=seq, conversation=conversation, event=event, attempts=attempts,
                session=session_from_json(session) if session else Session(),
            )
        )  # fmt: skip
    return found


def _set_aside(db: sqlite3.Connection, seq: int) -> None:
    """An event that another version stored and this one does not know."""
    db.execute(
        "update inbox set state = 'failed', conversation = null, body = null, error = 'unknown' "
        "where seq = ?",
        (seq,),
    )


def _outgoing(row: tuple[Any, ...]) -> Outgoing:
    id_, chat, method, payload, attempts, key, follow = row
    call = Call(
        chat=chat,
        method=method,
        payload=json.loads(payload),
        key=key,
        follow=consulting.read_follow(follow) if follow else None,
    )
    return Outgoing(id=id_, call=call, attempts=attempts)


def _session(db: sqlite3.Connection, conversation: str) -> Session:
    row = db.execute("select body from session where conversation = ?", (conversation,)).fetchone()
    return session_from_json(row[0]) if row else Session()


def _finish(db: sqlite3.Connection, turn: Finished, at: datetime) -> None:
    if turn.forget:
        _forget(db, turn.conversation, at)
    if turn.session == Session():
        db.execute("delete from session where conversation = ?", (turn.conversation,))
    else:
        db.execute(
            "insert into session values (?, ?, ?) on conflict (conversation) "
            "do update set body = excluded.body, updated = excluded.updated",
            (turn.conversation, session_to_json(turn.session), _kept_from(turn.session, at)),
        )
    db.executemany(
        "insert into inbox (conversation, body, state, received) values (?, ?, 'later', ?)",
        [(turn.conversation, event_to_json(one), one.at.timestamp()) for one in turn.later],
    )
    consulting.record(db, turn, at)
    consulting.insert_calls(db, turn.calls, at.timestamp())
    db.executemany(
        "insert into feedback values (?, ?, ?, 1) on conflict (intent, language, helpful) "
        "do update set count = count + 1",
        turn.feedback,
    )
    if turn.seq is not None:
        db.execute(
            "update inbox set state = ?, conversation = null, body = null, error = ? where seq = ?",
            ("failed" if turn.error else "done", turn.error, turn.seq),
        )


def _kept_from(session: Session, at: datetime) -> str:
    """The ISO moment from which the days of an unused session count: not before its last day."""
    barred = [session.barred] if session.barred else []
    return max([at.isoformat(), *(one.day for one in session.reminders), *barred])


def _forget(db: sqlite3.Connection, conversation: str, at: datetime) -> None:
    """Erase a conversation. Of handled events only their numbers are kept anyway."""
    consulting.forget(db, conversation, at)
    db.execute("delete from inbox where conversation = ? and state = 'later'", (conversation,))
    db.execute(
        "delete from outbox where chat = cast(? as integer) and state = 'dead'", (conversation,)
    )


def _set_fact(db: sqlite3.Connection, name: str, value: str) -> None:
    db.execute(
        "insert into fact values (?, ?) on conflict (name) do update set value = excluded.value",
        (name, value),
    )


def _deleting(statement: str, before: object) -> Command[int]:
    return lambda db: db.execute(statement, (before, CLEANED_AT_ONCE)).rowcount
