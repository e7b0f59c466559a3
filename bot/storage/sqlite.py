"""The embedded database: plain SQL over the standard library's sqlite3.

Theory of operation: one thread owns the one connection. Commands wait in a queue; the thread takes
all that wait, runs each in a savepoint of one transaction, commits, and only then tells the
callers. So every acknowledged command is on the disk (WAL with synchronous=FULL; NORMAL loses
about half of what was acknowledged when the power fails), and the price of the disk is shared by
all that waited. If the commit fails, everybody is told, and the process ends: starting again is the
way to recover, and the only one.
"""

import asyncio
import json
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from bot.core.session import DONE_HOURS, FINISHED_HOURS, SESSION_DAYS, Session
from bot.storage.codec import (
    event_from_json,
    event_to_json,
    session_from_json,
    session_to_json,
)
from bot.storage.store import Call, Finished, Incoming, Outgoing, Sizes, Waiting

Result = TypeVar("Result")
Command = Callable[[sqlite3.Connection], Result]

BUSY_SECONDS = 5
MOST_TOGETHER = 256
"""Commands in one transaction."""

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
)
"""What is erased after its time: records of handled events, calls given up, unused sessions, and
the answers of finished dialogs."""


class StorageError(Exception):
    """The database cannot be used; the text says which file, why and what to do."""


class SqliteStore:
    """A `Store` on one file. Commands of any thread or event loop; see the module."""

    def __init__(self, path: Path) -> None:
        """Open or create the database, bring its schema up to date, and start the thread."""
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="store", daemon=True)
        self._thread.start()
        opened.result()

    async def session(self, conversation: str) -> Session:
        return await self._do(lambda db: _session(db, conversation))

    async def receive(self, batch: Sequence[Incoming], offset: int, now: float) -> int:
        rows = [
            (
                one.update_id,
                one.conversation,
                event_to_json(one.event) if one.event else None,
                "waiting" if one.event else "unreadable",
                one.error,
                now,
            )
            for one in batch
        ]

        def command(db: sqlite3.Connection) -> int:
            before = db.total_changes
            db.executemany(
                "insert into inbox (update_id, conversation, body, state, error, received) "
                "values (?, ?, ?, ?, ?, ?) on conflict (update_id) do nothing",
                rows,
            )
            new = db.total_changes - before
            _set_fact(db, "offset", str(offset))
            return new

        return await self._do(command)

    async def waiting(self, limit: int) -> list[Waiting]:
        def command(db: sqlite3.Connection) -> list[Waiting]:
            rows = db.execute(
                "select inbox.seq, inbox.conversation, inbox.body, inbox.attempts, session.body "
                "from (select min(seq) as seq from inbox where state = 'waiting' "
                "group by conversation order by 1 limit ?) as first "
                "join inbox on inbox.seq = first.seq "
                "left join session on session.conversation = inbox.conversation "
                "order by inbox.seq",
                (limit,),
            )
            return [
                Waiting(
                    seq=seq,
                    conversation=conversation,
                    event=event_from_json(body, seq),
                    session=session_from_json(session) if session else Session(),
                    attempts=attempts,
                )
                for seq, conversation, body, attempts, session in rows
            ]

        return await self._do(command)

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
                "select outbox.id, outbox.chat, method, payload, attempts from "  # noqa: S608
                "(select min(id) as id from outbox where state = 'waiting' "
                f"and chat not in ({marks}) group by chat order by 1) as first "
                "join outbox on outbox.id = first.id where not_before <= ? "
                "order by outbox.id limit ?",
                (*busy, now, limit),
            )
            return [
                Outgoing(
                    id=id_,
                    call=Call(chat=chat, method=method, payload=json.loads(payload)),
                    attempts=attempts,
                )
                for id_, chat, method, payload, attempts in rows
            ]

        return await self._do(command)

    async def sent(self, id: int) -> None:
        await self._write("delete from outbox where id = ?", id)

    async def postpone(self, id: int, until: float) -> None:
        statement = "update outbox set not_before = ?, attempts = attempts + 1 where id = ?"
        await self._write(statement, until, id)

    async def give_up(self, id: int, reason: str, *, all_of_chat: bool) -> None:
        same_chat = "select id from outbox where chat = (select chat from outbox where id = ?)"
        await self._write(
            "update outbox set state = 'dead', payload = null, reason = ? where "  # noqa: S608
            f"state = 'waiting' and id in ({same_chat if all_of_chat else '?'})",
            reason,
            id,
        )

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
        limits = (handled, handled, unused, finished)
        for statement, before in zip(CLEANING, limits, strict=True):
            while await self._do(_deleting(statement, before)) == CLEANED_AT_ONCE:
                pass
        await self._do(lambda db: _run_pragma(db, "wal_checkpoint(truncate)"), alone=True)

    async def feedback(self) -> list[tuple[str, str, bool, int]]:
        def command(db: sqlite3.Connection) -> list[tuple[str, str, bool, int]]:
            rows = db.execute(
                "select intent, language, helpful, count from feedback order by 1, 2, 3"
            )
            return [(intent, tag, bool(helpful), count) for intent, tag, helpful, count in rows]

        return await self._do(command)

    async def close(self) -> None:
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    async def _do(self, command: Command[Result], *, alone: bool = False) -> Result:
        """Run a command in the next transaction; its result once that is on the disk.

        `alone` is for what SQLite allows only outside a transaction.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._jobs.put(_Job(command=command, future=future, loop=loop, alone=alone))
        result: Result = await future
        return result

    async def _write(self, statement: str, *values: object) -> None:
        await self._do(lambda db: db.execute(statement, values).rowcount)

    def _run(self, opened: "Future[None]") -> None:
        try:
            connection = _open(self._path)
        except StorageError as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        while (job := self._jobs.get()) is not None:
            together = [job, *self._others()]
            for alone in [one for one in together if one.alone]:
                _alone(connection, alone)
            self._commit(connection, [one for one in together if not one.alone])
        connection.close()

    def _others(self) -> "Iterator[_Job]":
        """What waits beside the first job, as far as it fits into one transaction."""
        for _ in range(MOST_TOGETHER):
            if self._jobs.empty():
                return
            job = self._jobs.get()
            if job is None:
                self._jobs.put(None)
                return
            yield job

    def _commit(self, connection: sqlite3.Connection, jobs: "list[_Job]") -> None:
        outcomes: list[_Outcome] = []
        try:
            connection.execute("begin immediate")
            for job in jobs:
                connection.execute("savepoint one")
                try:
                    outcomes.append((job, job.command(connection), None))
                except sqlite3.Error:
                    raise
                except Exception as error:  # the command's own fault: the others go on
                    connection.execute("rollback to one")
                    outcomes.append((job, None, error))
                connection.execute("release one")
            connection.execute("commit")
        except sqlite3.Error as error:
            told = self._undo(connection, error)
            outcomes = [(job, None, told) for job in jobs]
        _tell(outcomes)

    def _undo(self, connection: sqlite3.Connection, error: sqlite3.Error) -> StorageError:
        """Nothing of this transaction is stored; what everybody is told."""
        if connection.in_transaction:
            connection.execute("rollback")
        return StorageError(
            f"{self._path}: the database cannot be written ({error}). Check that the disk is not "
            "full and that nothing else holds the file, then start again: nothing is lost."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    command: Command[Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    alone: bool = False


_Outcome = tuple[_Job, object, Exception | None]


def _alone(connection: sqlite3.Connection, job: _Job) -> None:
    try:
        _tell([(job, job.command(connection), None)])
    except sqlite3.Error as error:
        _tell([(job, None, StorageError(str(error)))])


def _run_pragma(db: sqlite3.Connection, pragma: str) -> None:
    db.execute(f"pragma {pragma}").fetchall()


def _tell(outcomes: list[_Outcome]) -> None:
    """Wake every event loop once for all of its callers; one that has closed asks no more."""
    for loop in {id(job.loop): job.loop for job, _, _ in outcomes}.values():
        own = [outcome for outcome in outcomes if outcome[0].loop is loop]
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_resolve, own)


def _resolve(outcomes: list[_Outcome]) -> None:
    for job, result, error in outcomes:
        if job.future.done():  # cancelled
            continue
        if error is None:
            job.future.set_result(result)
        else:
            job.future.set_exception(error)


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma secure_delete = on")
        _migrate(connection)
        if connection.execute("pragma synchronous").fetchone() != (2,):
            raise sqlite3.OperationalError("it refuses to write every commit to the disk")
    except (OSError, sqlite3.Error) as error:
        raise StorageError(
            f"{path}: the database cannot be opened ({error}). "
            "Check that the folder can be written and the disk is not full."
        ) from error
    return connection


def _session(db: sqlite3.Connection, conversation: str) -> Session:
    row = db.execute("select body from session where conversation = ?", (conversation,)).fetchone()
    return session_from_json(row[0]) if row else Session()


def _finish(db: sqlite3.Connection, turn: Finished, at: datetime) -> None:
    if turn.forget:
        _forget(db, turn.conversation)
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
    db.executemany(
        "insert into outbox (chat, method, payload, state, created) values (?, ?, ?, 'waiting', ?)",
        [(call.chat, call.method, json.dumps(call.payload), at.timestamp()) for call in turn.calls],
    )
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
    """The ISO moment from which the days of an unused session count: not before its reminders."""
    return max([at.isoformat(), *(one.day for one in session.reminders)])


def _forget(db: sqlite3.Connection, conversation: str) -> None:
    """Erase a conversation. Of handled events only their numbers are kept anyway."""
    db.execute("delete from session where conversation = ?", (conversation,))
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


def _migrate(connection: sqlite3.Connection) -> None:
    """Apply the numbered files that this database has not seen, each in one transaction."""
    done = connection.execute("pragma user_version").fetchone()[0]
    folder = files("bot.storage") / "migrations"
    scripts = sorted(
        (int(script.name[:4]), script)
        for script in folder.iterdir()
        if script.name.endswith(".sql")
    )
    if scripts and done > scripts[-1][0]:
        raise sqlite3.DatabaseError("it was made by a newer version of Madoguchi")
    for number, script in scripts:
        if number > done:
            statements = script.read_text("utf-8")
            connection.executescript(f"begin; {statements} pragma user_version = {number}; commit;")
