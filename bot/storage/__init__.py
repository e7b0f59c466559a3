"""What is kept between messages and restarts."""

from bot.storage.sqlite import SqliteStore
from bot.storage.store import (
    Call,
    Finished,
    Follow,
    Incoming,
    Outgoing,
    Relay,
    Store,
    Topic,
    Waiting,
)
from bot.storage.writer import StorageError

__all__ = [
    "Call",
    "Finished",
    "Follow",
    "Incoming",
    "Outgoing",
    "Relay",
    "SqliteStore",
    "StorageError",
    "Store",
    "Topic",
    "Waiting",
]
