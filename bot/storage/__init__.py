"""What is kept between messages and restarts."""

from bot.storage.sqlite import SqliteStore, StorageError
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
