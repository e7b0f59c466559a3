"""What is kept between messages and restarts."""

from bot.storage.sqlite import SqliteStore, StorageError
from bot.storage.store import Call, Finished, Incoming, Outgoing, Store, Waiting

__all__ = [
    "Call",
    "Finished",
    "Incoming",
    "Outgoing",
    "SqliteStore",
    "StorageError",
    "Store",
    "Waiting",
]
