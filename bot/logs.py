"""One line an event; no text, no names, ids as keyed hashes, and the token nowhere.

Whatever a library logs goes through the same formatter: what looks like a token is exchanged, and
an exception is told by its class and place, since its text may hold a URL or a message.
"""

import hashlib
import hmac
import logging
import re
import sys
import traceback

TOKEN = re.compile(r"\d{5,12}:[A-Za-z0-9_-]{20,}")
QUIET = ("aiohttp", "asyncio", "httpcore", "httpx", "telegram")
"""Libraries that would log addresses or bodies below WARNING."""


class LineFormatter(logging.Formatter):
    """Time, level, where, what; `chat` as a hash, `event` as a number."""

    def __init__(self, key: bytes, token: str = "") -> None:
        super().__init__()
        self._key = key
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        """One line without control characters."""
        parts = [
            self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            record.levelname,
            record.name.removeprefix("bot."),
            record.getMessage(),
        ]
        chat, event = getattr(record, "chat", None), getattr(record, "event", None)
        if chat is not None:
            parts.append(f"chat={self._hash(str(chat))}")
        if event is not None:
            parts.append(f"event={event}")
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(_told(record.exc_info[1]))
        line = TOKEN.sub("***", " ".join(parts))
        line = line.replace(self._token, "***") if self._token else line
        if line.isprintable():
            return line
        return "".join(one if one.isprintable() else " " for one in line)

    def _hash(self, chat: str) -> str:
        return hmac.new(self._key, chat.encode(), hashlib.sha256).hexdigest()[:10]


def set_up_logs(key: bytes, token: str, level: int = logging.INFO) -> None:
    """Send everything through one handler to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(key, token))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _told(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
