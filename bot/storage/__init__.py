"""What is kept between messages and restarts."""

from bot.storage.sqlite import StorageError, Store

__all__ = ["StorageError", "Store"]
