"""The embedded database: plain SQL over the standard library's sqlite3.

WAL with synchronous=FULL: NORMAL loses about half of what was acknowledged when the power fails
(measured), and grouping commits makes FULL cheap. Deleted text leaves no copy on disk.
"""

import json
import sqlite3
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from bot.core.session import Session


class StorageError(Exception):
    """The database cannot be used; the text says which file, why and what to do."""


class Store:
    """One open database. Not shared between threads."""

    def __init__(self, path: Path) -> None:
        """Open or create the database and bring its schema up to date."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=5)
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = full")
            self._connection.execute("pragma secure_delete = on")
            _migrate(self._connection)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(
                f"{path}: the database cannot be opened ({error}). "
                "Check that the folder can be written and the disk is not full."
            ) from error

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def session(self, conversation: str) -> Session:
        """The session of a conversation; a new one where there is none."""
        row = self._connection.execute(
            "select body from session where conversation = ?", (conversation,)
        ).fetchone()
        return _session(row[0]) if row else Session()

    def finish(
        self,
        conversation: str,
        session: Session,
        feedback: list[tuple[str, str, bool]],
        at: datetime,
    ) -> None:
        """Store what a turn changed, in one transaction.

        `feedback` holds (intent, language, helpful).
        """
        with self._connection:
            self._connection.execute("begin")
            self._connection.execute(
                "insert into session values (?, ?, ?) on conflict (conversation) "
                "do update set body = excluded.body, updated = excluded.updated",
                (conversation, json.dumps(asdict(session)), at.isoformat()),
            )
            self._connection.executemany(
                "insert into feedback values (?, ?, ?, 1) on conflict (intent, language, helpful) "
                "do update set count = count + 1",
                feedback,
            )

    def feedback(self) -> list[tuple[str, str, bool, int]]:
        """(intent, language, helpful, how often), in order of intent."""
        rows = self._connection.execute(
            "select intent, language, helpful, count from feedback order by 1, 2, 3"
        )
        return [
            (intent, language, bool(helpful), count) for intent, language, helpful, count in rows
        ]


def _session(body: str) -> Session:
    """A stored session; what an older version stored and this one does not know is dropped."""
    known = Session.__dataclass_fields__
    return Session(**{name: value for name, value in json.loads(body).items() if name in known})


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
