"""What is kept of consultations: topics, links between messages, counts. SQL over one connection.

The functions without a class are parts of the store's own transactions.
"""

import json
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.consultation.shapes import REOPEN_DAYS, Missed, Overview, Waiting
from bot.core.events import DeliveryFailed, Event, Reason, TopicLost, TranscriptExpired
from bot.core.session import FINISHED_HOURS, MISSED_DAYS, STATISTICS_DAYS, recent
from bot.storage.codec import event_to_json, session_from_json, session_to_json
from bot.storage.store import TERMINAL, Call, Finished, Follow, Relay, Topic

MOST_LISTED = 30
MOST_MISSED = 5
EXPIRED_DAYS = 7
"""Days in which an expired topic must have been deleted; then its record goes too."""

Do = Callable[[Callable[[sqlite3.Connection], Any]], Coroutine[None, None, Any]]


class SqliteConsultations:
    """`Consultations` over one connection; each command is one transaction."""

    def __init__(self, do: Do) -> None:
        self._do = do

    async def topic(self, number: int) -> Topic | None:
        """Where a consultation's topic is; None if there is no such consultation."""

        def command(db: sqlite3.Connection) -> Topic | None:
            row = db.execute(
                "select number, chat, title, thread, card, tried, stage = 'expired' "
                "from consultation where number = ?",
                (number,),
            ).fetchone()
            if row is None:
                return None
            number_, chat, title, thread, card, tried, expired = row
            return Topic(
                number=number_, chat=chat, title=title, thread=thread, card=card, tried=tried,
                expired=bool(expired),
            )  # fmt: skip

        topic: Topic | None = await self._do(command)
        return topic

    async def try_topic(self, number: int, at: float | None) -> None:
        """Remember, before it happens, that the topic's creation is asked for; None: refused."""
        await self._do(_running("update consultation set tried = ? where number = ?", at, number))

    async def found_topic(self, number: int, thread: int) -> None:
        """The topic exists."""
        await self._do(lambda db: found(db, number, thread))

    async def lose_topic(self, number: int, thread: int, at: datetime) -> bool:
        """The topic was deleted: forget it, and let the conversation know, once."""

        def command(db: sqlite3.Connection) -> bool:
            row = db.execute(
                "update consultation set thread = null, card = null, tried = null "
                "where number = ? and thread = ? returning conversation",
                (number, thread),
            ).fetchone()
            if row is not None and row[0] is not None:
                insert_event(db, row[0], TopicLost(at=at, number=0, case=number))
            return row is not None

        lost: bool = await self._do(command)
        return lost

    async def copy_of(self, case: int, chat: int, message: int) -> int | None:
        """The number of a message of a consultation on the other side; None if it has none."""

        def command(db: sqlite3.Connection) -> int | None:
            row = db.execute(
                "select to_message from link where from_chat = ? and from_message = ? "
                "and consultation = ? union all select from_message from link "
                "where to_chat = ? and to_message = ? and consultation = ?",
                (chat, message, case, chat, message, case),
            ).fetchone()
            return int(row[0]) if row else None

        number: int | None = await self._do(command)
        return number

    async def sent_copy(self, chat: int, message: int) -> int | None:
        """The number of the copy of a message, not of what it is itself a copy of."""

        def command(db: sqlite3.Connection) -> int | None:
            row = db.execute(
                "select to_message from link where from_chat = ? and from_message = ?",
                (chat, message),
            ).fetchone()
            return int(row[0]) if row else None

        number: int | None = await self._do(command)
        return number

    async def unlink(self, chat: int, message: int) -> None:
        """The copy of a message was deleted."""
        statement = "delete from link where from_chat = ? and from_message = ?"
        await self._do(_running(statement, chat, message))

    async def delay(self, chat: int, at: datetime) -> int:
        """What waits for a group cannot be sent for now: tell the residents, each once."""

        def command(db: sqlite3.Connection) -> int:
            rows = db.execute(
                "update outbox set delayed = 1 where state = 'waiting' and chat = ? "
                "and delayed = 0 and follow is not null returning follow",
                (chat,),
            ).fetchall()
            relays = [read_follow(follow).relay for (follow,) in rows]
            told = {one.conversation for one in relays if one is not None and one.to == "staff"}
            for conversation in sorted(told):
                failed = DeliveryFailed(at=at, number=0, to="staff", reason="delayed")
                insert_event(db, conversation, failed)
            return len(told)

        count: int = await self._do(command)
        return count

    async def overview(self, chat: int, since: datetime, now: datetime) -> Overview:
        """A group's consultations: what is open, and what happened since a moment."""
        overview: Overview = await self._do(lambda db: _overview(db, chat, since, now))
        return overview

    async def missed(self, id: int) -> tuple[str, str] | None:
        """(text, language) of a question that was not understood."""

        def command(db: sqlite3.Connection) -> tuple[str, str] | None:
            row = db.execute("select text, language from missed where id = ?", (id,)).fetchone()
            return (row[0], row[1]) if row else None

        found: tuple[str, str] | None = await self._do(command)
        return found

    async def candidates(self) -> list[tuple[str, str, str, str]]:
        """(text, language, intent, when filed) of candidate examples, by language and intent."""

        def command(db: sqlite3.Connection) -> list[tuple[str, str, str, str]]:
            return db.execute(
                "select text, language, intent, at from candidate order by 2, 3, 4"
            ).fetchall()

        listed: list[tuple[str, str, str, str]] = await self._do(command)
        return listed

    async def drop_candidates(self) -> int:
        """Forget the candidate examples: they were reviewed."""
        count: int = await self._do(_running("delete from candidate"))
        return count

    async def moved(self) -> dict[int, int]:
        """Groups that have another number now: old -> new."""

        def command(db: sqlite3.Connection) -> dict[int, int]:
            return dict(db.execute("select old, new from moved").fetchall())

        numbers: dict[int, int] = await self._do(command)
        return numbers


def _running(statement: str, *values: object) -> Callable[[sqlite3.Connection], int]:
    return lambda db: db.execute(statement, values).rowcount


def insert_event(db: sqlite3.Connection, conversation: str, event: Event) -> None:
    """Let something happen in a conversation."""
    db.execute(
        "insert into inbox (conversation, body, state, received) values (?, ?, 'waiting', ?)",
        (conversation, event_to_json(event), event.at.timestamp()),
    )


def found(db: sqlite3.Connection, number: int, thread: int) -> None:
    """The topic of a consultation exists; the first one found stays."""
    row = db.execute(
        "update consultation set thread = ? where number = ? and thread is null "
        "returning chat, stage, closed",
        (thread, number),
    ).fetchone()
    if row is not None and row[1] == "expired":  # it was made while everything was erased
        _expire(db, number, row[0], datetime.fromisoformat(row[2]))


def at_topic(db: sqlite3.Connection, chat: int, thread: int) -> tuple[str | None, int] | None:
    """The conversation (None: it was erased) and number of the consultation whose topic it is."""
    row = db.execute(
        "select conversation, number from consultation where chat = ? and thread = ?",
        (chat, thread),
    ).fetchone()
    return (row[0], row[1]) if row else None


def record(db: sqlite3.Connection, turn: Finished, at: datetime) -> None:
    """Bring what is counted of a consultation up to date; file misses and candidates."""
    case = turn.session.case
    if case is not None:
        db.execute(
            "insert into consultation (number, conversation, chat, title, stage, opened, waits, "
            "claimed, answered, closed, rating) values "
            "(?, ?, coalesce((select new from moved where old = ?), ?), ?, ?, ?, ?, ?, ?, ?, ?) "
            "on conflict (number) do update set stage = excluded.stage, waits = excluded.waits, "
            "claimed = excluded.claimed, answered = excluded.answered, closed = excluded.closed, "
            "rating = excluded.rating, title = coalesce(nullif(excluded.title, ''), title)",
            (
                case.number,
                turn.conversation,
                case.chat,
                case.chat,
                turn.title or "",
                case.stage,
                case.opened,
                case.waits,
                case.claimed.name if case.claimed else None,
                case.answered,
                None if case.is_open else case.at,
                case.rating,
            ),
        )
    db.executemany(
        "insert into missed (text, language, count, last) values (?, ?, 1, ?) "
        "on conflict (text, language) do update set count = count + 1, last = excluded.last",
        [(text, language, at.isoformat()) for text, language in turn.missed],
    )
    db.executemany(
        "insert or ignore into candidate values (?, ?, ?, ?)",
        [(*one, at.isoformat()) for one in turn.examples],
    )


def forget(db: sqlite3.Connection, conversation: str, at: datetime) -> None:
    """The topics of a resident are deleted; what stays are counts without a person."""
    rows = db.execute(
        "update consultation set conversation = null, title = '', claimed = null, waits = null, "
        "stage = 'expired', closed = coalesce(closed, ?) where conversation = ? "
        "returning number, chat",
        (at.isoformat(), conversation),
    ).fetchall()
    for number, chat in rows:
        db.execute("delete from link where consultation = ?", (number,))
        db.execute(
            "delete from outbox where state = 'waiting' "
            "and json_extract(payload, '$.message_thread_id.topic_of') = ?",
            (number,),
        )
        _expire(db, number, chat, at, wanted=True)
    waiting = db.execute(
        "select id, follow from outbox where state = 'waiting' and follow is not null"
    ).fetchall()
    for id_, follow in waiting:
        relay = read_follow(follow).relay
        if relay is not None and relay.conversation == conversation:
            db.execute("delete from outbox where id = ?", (id_,))


def _expire(
    db: sqlite3.Connection, number: int, chat: int, at: datetime, *, wanted: bool = False
) -> None:
    """Let a topic be deleted; a terminal has none."""
    if chat != TERMINAL:
        event = TranscriptExpired(at=at, number=0, group=chat, case=number, wanted=wanted)
        insert_event(db, str(chat), event)


def was_made(db: sqlite3.Connection, follow: Follow, results: Sequence[int], at: datetime) -> None:
    """What follows from a call that was made: links, the card, and the calls behind it."""
    relay = follow.relay
    if relay is not None and _is_erased(db, relay.case):
        return
    if relay is not None and 0 < len(results) < len(relay.messages):
        failed = DeliveryFailed(at=at, number=0, to=relay.to, reason="refused")
        insert_event(db, relay.conversation, failed)
    if relay is not None and len(relay.messages) == len(results):  # an album may lose one
        db.executemany(
            "insert or replace into link values (?, ?, ?, ?, ?)",
            [
                (relay.case, relay.from_chat, message, relay.to_chat, result)
                for message, result in zip(relay.messages, results, strict=True)
            ],
        )
    if follow.card is not None and results:
        db.execute("update consultation set card = ? where number = ?", (results[0], follow.card))
    insert_calls(db, follow.then, at.timestamp())


def _is_erased(db: sqlite3.Connection, number: int) -> bool:
    """Whether the resident has erased everything, or the time of a consultation is over."""
    row = db.execute("select stage from consultation where number = ?", (number,)).fetchone()
    return row is None or row[0] == "expired"


def insert_calls(db: sqlite3.Connection, calls: Iterable[Call], at: float) -> None:
    """Store calls to be made; one with a key takes the place of an older one that waits."""
    for call in calls:
        if call.key is not None:
            db.execute("delete from outbox where key = ? and state = 'waiting'", (call.key,))
        db.execute(
            "insert into outbox (chat, method, payload, state, created, key, follow) "
            "values (?, ?, ?, 'waiting', ?, ?, ?)",
            (call.chat, call.method, json.dumps(call.payload), at, call.key,
             write_follow(call.follow)),
        )  # fmt: skip


def gave_up(
    db: sqlite3.Connection, chat: int, follows: Iterable[str], at: datetime, *, blocked: bool
) -> None:
    """Tell the senders of what will never arrive; a blocked resident's consultants in any case."""
    failed = [one for follow in follows if (one := read_follow(follow).relay) is not None]
    for relay in failed:
        reason: Reason = "blocked" if blocked and relay.to == "resident" else "refused"
        event = DeliveryFailed(
            at=at,
            number=0,
            to=relay.to,
            reason=reason if relay.messages else "withdrawal",
            message=next(iter(relay.messages), None),
        )
        insert_event(db, relay.conversation, event)
    if blocked and not failed:
        open_now = "select 1 from consultation where conversation = ? and stage = 'open'"
        if db.execute(open_now, (str(chat),)).fetchone():
            event = DeliveryFailed(at=at, number=0, to="resident", reason="blocked")
            insert_event(db, str(chat), event)


def move(db: sqlite3.Connection, old: int, new: int) -> None:
    """A staff group became a supergroup: everything that names it names its new number."""
    if old == new:
        return
    db.execute("insert or replace into moved values (?, ?)", (old, new))
    db.execute("update moved set new = ? where new = ?", (new, old))
    db.execute("update consultation set chat = ? where chat = ?", (new, old))
    db.execute("update or replace link set from_chat = ? where from_chat = ?", (new, old))
    db.execute("update link set to_chat = ? where to_chat = ?", (new, old))
    named = "select id, payload, follow from outbox where state = 'waiting' and follow is not null"
    for id_, payload, follow in db.execute(named).fetchall():
        renamed = [_renamed(json.loads(text), old, new) for text in (payload, follow)]
        db.execute(
            "update outbox set payload = ?, follow = ? where id = ?",
            (*map(json.dumps, renamed), id_),
        )


def _renamed(value: Any, old: int, new: int) -> Any:
    """The same with another number of a group; those are negative, and nothing else is."""
    match value:
        case dict():
            return {name: _renamed(one, old, new) for name, one in value.items()}
        case list():
            return [_renamed(one, old, new) for one in value]
        case _:
            return new if value == old else value


def clean(db: sqlite3.Connection, now: datetime) -> None:
    """Erase what is older than it may be kept; topics that are too old are asked to be deleted."""
    reopened = (now - timedelta(days=REOPEN_DAYS)).isoformat()
    expired = (now - timedelta(days=STATISTICS_DAYS)).isoformat()
    db.execute(
        "update session set body = json_remove(body, '$.case', '$.known_as') "
        "where json_extract(body, '$.case.stage') = 'closed' "
        "and julianday(json_extract(body, '$.case.at')) < julianday(?)",
        (reopened,),
    )
    db.execute(
        "update consultation set title = '', claimed = null "
        "where stage = 'closed' and julianday(closed) < julianday(?)",
        (reopened,),
    )
    db.execute(
        "delete from link where consultation in (select number from consultation "
        "where julianday(closed) < julianday(?))",
        (reopened,),
    )
    db.execute(  # its session was not used for so long that it was erased
        "update consultation set stage = 'closed', closed = ? where stage = 'open' "
        "and conversation not in (select conversation from session)",
        (now.isoformat(),),
    )
    missed = (now - timedelta(days=MISSED_DAYS)).isoformat()
    db.execute("delete from missed where julianday(last) < julianday(?)", (missed,))
    rows = db.execute(
        "update consultation set stage = 'expired', conversation = null, title = '', opened = '', "
        "waits = null, claimed = null, answered = null, rating = null "
        "where stage = 'closed' and julianday(closed) < julianday(?) returning number, chat",
        (expired,),
    ).fetchall()
    for number, chat in rows:
        _expire(db, number, chat, now)
    db.execute("delete from candidate where julianday(at) < julianday(?)", (expired,))
    _clean_trails(db, now)
    gone = (now - timedelta(days=STATISTICS_DAYS + EXPIRED_DAYS)).isoformat()
    db.execute("delete from consultation where julianday(closed) < julianday(?)", (gone,))


def _clean_trails(db: sqlite3.Connection, now: datetime) -> None:
    limit = (now - timedelta(hours=FINISHED_HOURS)).isoformat()
    rows = db.execute(
        "select conversation, body from session "
        "where julianday(json_extract(body, '$.trail[0].at')) < julianday(?)",
        (limit,),
    ).fetchall()
    for conversation, body in rows:
        session = session_from_json(body)
        kept = replace(session, trail=recent(session.trail, now))
        db.execute(
            "update session set body = ? where conversation = ?",
            (session_to_json(kept), conversation),
        )


def write_follow(follow: Follow | None) -> str | None:
    """As JSON; None where nothing follows."""
    return None if follow is None else json.dumps(asdict(follow))


def read_follow(text: str | None) -> Follow:
    """The same again."""
    if text is None:
        return Follow()
    fields = json.loads(text)
    relay = fields["relay"]
    return Follow(
        relay=Relay(**relay | {"messages": tuple(relay["messages"])}) if relay else None,
        card=fields["card"],
        then=tuple(Call(**one) for one in fields["then"]),
    )


def _overview(db: sqlite3.Connection, chat: int, since: datetime, now: datetime) -> Overview:
    waiting = db.execute(
        "select number, title, waits, claimed from consultation "
        "where chat = ? and stage = 'open' order by waits is null, waits, number limit ?",
        (chat, MOST_LISTED),
    ).fetchall()
    moment = since.isoformat()

    def of(column: str, what: str) -> list[tuple[Any, ...]]:
        statement = (
            f"select {what} from consultation where chat = ? "  # noqa: S608
            f"and julianday({column}) >= julianday(?)"
        )
        return db.execute(statement, (chat, moment)).fetchall()

    missed = db.execute(
        "select id, text, language, count from missed where julianday(last) >= julianday(?) "
        "order by count desc, id limit ?",
        (moment, MOST_MISSED),
    ).fetchall()
    return Overview(
        days=max(1, (now - since).days),
        waiting=tuple(
            Waiting(number=number, title=title, since=moment, claimed=claimed)
            for number, title, moment, claimed in waiting
        ),
        opened=len(of("opened", "number")),
        closed=len(of("closed", "number")),
        first_answers=tuple((row[0], row[1]) for row in of("answered", "opened, answered")),
        ratings=tuple(row[0] for row in of("closed", "rating") if row[0] is not None),
        missed=tuple(
            Missed(id=id_, text=text, language=language, count=count)
            for id_, text, language, count in missed
        ),
    )
