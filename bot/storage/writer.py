"""The thread that owns a database: commands of anybody, in transactions that they share.

Theory of operation: one thread owns the one connection. Commands wait in a queue; the thread takes
all that wait, runs each in a savepoint of one transaction, commits, and only then tells the
callers. So every acknowledged command is on the disk (WAL with synchronous=FULL; NORMAL loses
about half of what was acknowledged when the power fails), and the price of the disk is shared by
all that waited. If the commit fails, everybody is told, and the process ends: starting again is the
way to recover, and the only one.
"""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")
Command = Callable[[sqlite3.Connection], Result]

ONLY_OWNER = 0o600
BUSY_SECONDS = 5
MOST_TOGETHER = 256
"""Commands in one transaction."""


class StorageError(Exception):
    """The database cannot be used; the text says which file, why and what to do."""


class WriterThread:
    """One database file and the thread that writes it. Raises `StorageError`."""

    def __init__(self, path: Path) -> None:
        """Open or create the database, bring its schema up to date, and start the thread."""
        self._path = path
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="store", daemon=True)
        self._thread.start()
        opened.result()

    async def do(self, command: Command[Result], *, alone: bool = False) -> Result:
        """Run a command in the next transaction; its result once that is on the disk.

        `alone` is for what SQLite allows only outside a transaction.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        self._jobs.put(_Job(command=command, future=future, loop=loop, alone=alone))
        result: Result = await future
        return result

    async def close(self) -> None:
        """Finish what was begun and close."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

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
        path.touch(mode=ONLY_OWNER)  # SQLite gives the files beside it the same rights
        path.chmod(ONLY_OWNER)
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


def _migrate(connection: sqlite3.Connection) -> None:
    """Apply the numbered files that this database has not seen, all in one transaction.

    It begins before the version is read: two processes may open a new database together.
    """
    folder = files("bot.storage") / "migrations"
    scripts = sorted(
        (int(script.name[:4]), script)
        for script in folder.iterdir()
        if script.name.endswith(".sql")
    )
    connection.execute("begin immediate")
    try:
        done = connection.execute("pragma user_version").fetchone()[0]
        if done > scripts[-1][0]:
            raise sqlite3.DatabaseError("it was made by a newer version of Madoguchi")
        for number, script in scripts:
            if number > done:
                for statement in _statements(script.read_text("utf-8")):
                    connection.execute(statement)
                connection.execute(f"pragma user_version = {number}")
        connection.execute("commit")
    except sqlite3.Error:
        connection.execute("rollback")
        raise


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
