"""How fast may be sent: in all, to one chat, to one group. Token buckets; time is an argument."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Telegram's limits with some room: calls a second, burst of a chat, calls a minute a group."""

    in_flight: float = 8
    per_second: float = 25
    chat_per_second: float = 1
    chat_burst: float = 3
    group_per_minute: float = 18


@dataclass(slots=True)
class _Bucket:
    filled: float
    at: float


@dataclass(slots=True)
class Pace:
    """Whether one more call may be made now. Groups have negative numbers."""

    rates: Rates
    _all: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)

    def take(self, chat: int, now: float) -> bool:
        """Take the right to one call to a chat, if there is one left."""
        rates = self.rates
        self._all = self._all or _Bucket(rates.per_second, now)
        rate = rates.group_per_minute / 60 if chat < 0 else rates.chat_per_second
        own = self._chats.setdefault(chat, _Bucket(rates.chat_burst, now))
        _fill(self._all, rates.per_second, rates.per_second, now)
        _fill(own, rate, rates.chat_burst, now)
        if self._all.filled < 1 or own.filled < 1:
            return False
        self._all.filled -= 1
        own.filled -= 1
        if len(self._chats) > MOST_CHATS:
            self._drop_full(now)
        return True

    def _drop_full(self, now: float) -> None:
        """A bucket that would be full again need not be remembered."""
        slowest = min(self.rates.chat_per_second, self.rates.group_per_minute / 60)
        before = now - self.rates.chat_burst / slowest
        self._chats = {chat: one for chat, one in self._chats.items() if one.at > before}


MOST_CHATS = 10_000


def _fill(bucket: _Bucket, rate: float, most: float, now: float) -> None:
    bucket.filled = min(most, bucket.filled + rate * max(0.0, now - bucket.at))
    bucket.at = now
