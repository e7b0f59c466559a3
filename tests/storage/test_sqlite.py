"""What is kept in the embedded database."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.session import Session
from bot.storage import StorageError, Store

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def test_a_session_survives_a_restart(tmp_path: Path) -> None:
    session = Session(language="ja", place="tokyo_hino", answer="nhi.enrol", misses=1)
    store = Store(tmp_path / "new" / "m.sqlite3")
    assert store.session("a") == Session()
    store.finish("a", session, [], NOW)
    store.close()
    assert Store(tmp_path / "new" / "m.sqlite3").session("a") == session


def test_feedback_is_counted_without_text_or_person(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.sqlite3")
    for helpful in (True, True, False):
        store.finish("a", Session(), [("nhi.enrol", "en", helpful)], NOW)
    assert store.feedback() == [("nhi.enrol", "en", False, 1), ("nhi.enrol", "en", True, 2)]


def test_fields_of_another_version_are_dropped(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.sqlite3")
    store.finish("a", Session(place="tokyo_hino"), [], NOW)
    store.close()
    with sqlite3.connect(tmp_path / "m.sqlite3") as connection:
        connection.execute("""update session set body = '{"place": "x", "gone": 1}'""")
    connection.close()
    assert Store(tmp_path / "m.sqlite3").session("a") == Session(place="x")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    path.write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match="cannot be opened"):
        Store(path)


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    Store(tmp_path / "m.sqlite3").close()
    with sqlite3.connect(tmp_path / "m.sqlite3") as connection:
        connection.execute("pragma user_version = 999")
    connection.close()
    with pytest.raises(StorageError, match="newer version"):
        Store(tmp_path / "m.sqlite3")


def test_every_write_reaches_the_disk(tmp_path: Path) -> None:
    """NORMAL would lose acknowledged rows when the power fails."""
    store = Store(tmp_path / "m.sqlite3")
    assert store._connection.execute("pragma synchronous").fetchone() == (2,)
    assert store._connection.execute("pragma journal_mode").fetchone() == ("wal",)
