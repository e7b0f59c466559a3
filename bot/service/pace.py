"""How fast may be sent: in all, to one chat, to one group; and how much one person may write.

Token buckets; time is an argument, in seconds.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Telegram's limits with some room: calls a second, burst of a chat, calls a minute a group."""

    in_flight: float = 8
    per_second: float = 25
    chat_per_second: float = 1
    chat_burst: float = 3
    group_per_minute: float = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What one person may write: so much at once, and so much a minute."""

    person_burst: float = 20
    person_per_minute: float = 20


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


@dataclass(slots=True)
class Intake:
    """Whether one more message of a person is taken, so that nobody delays all others."""

    patience: Patience
    _people: dict[str, _Bucket] = field(default_factory=dict)
    _told: dict[str, float] = field(default_factory=dict)

    def judge(self, person: str, at: float) -> Literal["take", "tell", "drop"]:
        """`tell`: it is not taken, and the person has not heard so for a minute."""
        rate, most = self.patience.person_per_minute / 60, self.patience.person_burst
        own = self._people.setdefault(person, _Bucket(most, at))
        _fill(own, rate, most, at)
        if own.filled >= 1:
            own.filled -= 1
            if len(self._people) > MOST_CHATS:
                before = at - most / rate
                self._people = {who: one for who, one in self._people.items() if one.at > before}
                self._told = {who: told for who, told in self._told.items() if told > before}
            return "take"
        if at - self._told.get(person, -TOLD_EVERY) < TOLD_EVERY:
            return "drop"
        self._told[person] = at
        return "tell"


TOLD_EVERY = 60.0
MOST_CHATS = 10_000


def _fill(bucket: _Bucket, rate: float, most: float, now: float) -> None:
    bucket.filled = min(most, bucket.filled + rate * max(0.0, now - bucket.at))
    bucket.at = max(bucket.at, now)
