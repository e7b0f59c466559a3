"""What is kept of consultations, and for how long."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.consultation.shapes import REOPEN_DAYS, Case, Consultant, Exchange
from bot.core.events import DeliveryFailed, TextSaid, TopicLost, TranscriptExpired
from bot.core.session import MISSED_DAYS, SESSION_DAYS, STATISTICS_DAYS, Session
from bot.storage import Call, Finished, Follow, Incoming, Relay, SqliteStore

NOW = datetime(2026, 11, 20, 1, tzinfo=UTC)
GROUP, RESIDENT = -100, 7
CASE = Case(
    number=1, chat=GROUP, stage="open", at=NOW.isoformat(), opened=NOW.isoformat(),
    language="en", writes="en", waits=NOW.isoformat(), question="marker-question",
)  # fmt: skip
CLOSED = replace(
    CASE, stage="closed", waits=None, answered=(NOW + timedelta(hours=1)).isoformat(), rating=4,
    claimed=Consultant(id=1, name="Sato"),
)  # fmt: skip


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "m.sqlite3"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(path)
    yield opened
    await opened.close()


def turn(case: Case | None, title: str | None = "#1 · waiting", **other: object) -> Finished:
    session = Session(case=case, known_as=1)
    return Finished(conversation=str(RESIDENT), session=session, title=title, **other)  # type: ignore[arg-type]


def passing(*messages: int) -> Follow:
    return Follow(
        relay=Relay(
            conversation=str(RESIDENT), case=1, to="staff", from_chat=RESIDENT, to_chat=GROUP,
            messages=messages,
        )
    )  # fmt: skip


def call(chat: int, follow: Follow | None = None, key: str | None = None, text: str = "x") -> Call:
    return Call(chat=chat, method="sendMessage", payload={"text": text}, follow=follow, key=key)


def dump(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


async def events(store: SqliteStore) -> list[object]:
    """What waits to be decided; every conversation's first."""
    return [one.event for one in await store.waiting(10)]


async def test_a_topic_is_known_once_it_was_made(store: SqliteStore) -> None:
    await store.finish([turn(CASE)], NOW)
    topic = await store.consultations.topic(1)
    assert topic is not None
    assert (topic.chat, topic.title, topic.thread) == (GROUP, "#1 · waiting", None)
    await store.consultations.found_topic(1, 55)
    await store.consultations.found_topic(1, 66)
    topic = await store.consultations.topic(1)
    assert topic is not None
    assert topic.thread == 55
    assert await store.consultations.topic(2) is None


async def test_the_bots_own_topic_is_found_in_the_batch_that_tells_of_it(
    store: SqliteStore,
) -> None:
    """And what a consultant wrote there, in the same batch, is the resident's conversation."""
    await store.finish([turn(CASE)], NOW)
    sato = Consultant(id=1, name="Sato")
    said = TextSaid(text="hello", at=NOW, number=0, by=sato, group=GROUP)
    batch = [
        Incoming(update_id=1, conversation=None, event=None, thread=55, found=1),
        Incoming(update_id=2, conversation=str(GROUP), event=said, thread=55),
        Incoming(update_id=3, conversation=str(GROUP), event=said, thread=99),
        Incoming(update_id=4, conversation=str(GROUP), event=said),
    ]
    await store.receive(batch, 5, 0.0)
    first, beside = await store.waiting(10)
    assert isinstance(first.event, TextSaid)
    assert (first.conversation, first.event.case) == (str(RESIDENT), 1)
    assert isinstance(beside.event, TextSaid)
    assert (beside.conversation, beside.event.case) == (str(GROUP), None)


async def test_a_lost_topic_is_told_once(store: SqliteStore) -> None:
    await store.finish([turn(CASE)], NOW)
    await store.consultations.found_topic(1, 55)
    assert await store.consultations.lose_topic(1, 55, NOW)
    assert not await store.consultations.lose_topic(1, 55, NOW)
    assert [type(one) for one in await events(store)] == [TopicLost]


async def test_a_copy_is_found_from_both_sides(store: SqliteStore) -> None:
    await store.finish([turn(CASE, calls=(call(GROUP, passing(10, 11)),))], NOW)
    (outgoing,) = await store.outgoing(1, 1e12, [])
    await store.sent(outgoing.id, (20, 21), NOW, outgoing.call.follow)
    assert await store.consultations.copy_of(1, RESIDENT, 11) == 21
    assert await store.consultations.copy_of(1, GROUP, 20) == 10
    assert await store.consultations.copy_of(1, GROUP, 99) is None


async def test_an_album_that_arrived_in_part_is_not_linked(store: SqliteStore) -> None:
    """Nobody can say which of its pictures is missing."""
    await store.finish([turn(CASE, calls=(call(GROUP, passing(10, 11)),))], NOW)
    (outgoing,) = await store.outgoing(1, 1e12, [])
    await store.sent(outgoing.id, (20,), NOW, outgoing.call.follow)
    assert await store.consultations.copy_of(1, RESIDENT, 10) is None


async def test_what_follows_a_call_is_stored_when_it_was_made(store: SqliteStore) -> None:
    sign = call(RESIDENT, text="sign")
    follow = Follow(card=1, then=(sign,))
    await store.finish([turn(CASE, calls=(call(GROUP, follow),))], NOW)
    (outgoing,) = await store.outgoing(5, 1e12, [])
    await store.sent(outgoing.id, (30,), NOW, outgoing.call.follow)
    (after,) = await store.outgoing(5, 1e12, [])
    assert after.call.payload == {"text": "sign"}
    topic = await store.consultations.topic(1)
    assert topic is not None
    assert topic.card == 30


async def test_a_later_call_takes_the_place_of_one_with_its_key(store: SqliteStore) -> None:
    calls = tuple(call(GROUP, key=key, text=text) for key, text in
                  (("card:1", "a"), ("title:1", "b"), ("card:1", "c")))  # fmt: skip
    await store.finish([turn(CASE, calls=calls)], NOW)
    assert [one.call.payload["text"] for one in await store.calls_for(GROUP)] == ["b", "c"]


async def test_who_waits_behind_a_stuck_group_is_told_once(store: SqliteStore) -> None:
    calls = (call(GROUP, passing(10)), call(GROUP, passing(11)), call(GROUP))
    await store.finish([turn(CASE, calls=calls)], NOW)
    assert await store.consultations.delay(GROUP, NOW) == 1
    assert await store.consultations.delay(GROUP, NOW) == 0
    (event,) = await events(store)
    assert isinstance(event, DeliveryFailed)
    assert (event.to, event.reason) == ("staff", "delayed")


@pytest.mark.parametrize(("all_of_chat", "reason"), [(True, "blocked"), (False, "refused")])
async def test_what_will_never_arrive_is_told_to_its_sender(
    all_of_chat: bool, reason: str, store: SqliteStore
) -> None:
    relay = passing(40).relay
    assert relay is not None
    back = replace(relay, to="resident", from_chat=GROUP, to_chat=RESIDENT)
    calls = (call(RESIDENT, Follow(relay=back)), call(RESIDENT))
    await store.finish([turn(CASE, calls=calls)], NOW)
    (outgoing,) = await store.outgoing(1, 1e12, [])
    await store.give_up(outgoing.id, "Forbidden", NOW, all_of_chat=all_of_chat)
    (event,) = await events(store)
    assert isinstance(event, DeliveryFailed)
    assert (event.to, event.reason, event.message) == ("resident", reason, 40)


async def test_counts_of_a_group(store: SqliteStore) -> None:
    await store.finish([turn(CASE)], NOW)
    two = replace(CLOSED, number=2)
    await store.finish(
        [replace(turn(two, "#2"), conversation="8", missed=(("qwxz", "en"), ("qwxz", "en")))], NOW
    )
    overview = await store.consultations.overview(GROUP, NOW - timedelta(days=1), NOW)
    assert [one.number for one in overview.waiting] == [1]
    assert (overview.opened, overview.closed, overview.ratings) == (2, 1, (4,))
    assert len(overview.first_answers) == 1
    assert [(one.text, one.count) for one in overview.missed] == [("qwxz", 2)]
    assert await store.consultations.missed(overview.missed[0].id) == ("qwxz", "en")
    elsewhere = await store.consultations.overview(-5, NOW - timedelta(days=1), NOW)
    assert elsewhere.opened == 0


async def test_candidates_wait_for_review(store: SqliteStore) -> None:
    filed = ("my boss", "en", "nhi.enrol")
    for _ in range(2):
        await store.finish([turn(None, None, examples=(filed,))], NOW)
    assert [one[:3] for one in await store.consultations.candidates()] == [filed]
    assert await store.consultations.drop_candidates() == 1
    assert await store.consultations.candidates() == []


async def test_a_group_that_moved_keeps_its_topics(store: SqliteStore) -> None:
    await store.finish([turn(CASE, calls=(call(GROUP),))], NOW)
    await store.move_chat(GROUP, -200)
    await store.move_chat(-200, -300)
    assert await store.consultations.moved() == {GROUP: -300, -200: -300}
    topic = await store.consultations.topic(1)
    assert topic is not None
    assert topic.chat == -300
    assert [one.call.chat for one in await store.outgoing(5, 1e12, [])] == [-300]


async def test_forgetting_erases_every_topic_of_the_resident(
    store: SqliteStore, path: Path
) -> None:
    """Also those that closed long ago; and what still waits to be passed on."""
    await store.finish([turn(CLOSED, "marker-title")], NOW - timedelta(days=30))
    second = replace(CASE, number=2, claimed=Consultant(id=1, name="marker-name"))
    marked = (call(GROUP, passing(10), text="marker-relay"),)
    await store.finish([turn(second, "marker-title", calls=marked)], NOW)
    await store.finish([replace(turn(None, None), session=Session(), forget=True)], NOW)
    waiting = await store.waiting(10)
    assert {one.conversation for one in waiting} == {str(GROUP)}
    told = {1: None, 2: None}
    while waiting:
        for one in waiting:
            assert isinstance(one.event, TranscriptExpired)
            assert one.event.wanted
            told.pop(one.event.case)
            done = Finished(conversation=str(GROUP), session=Session(), seq=one.seq)
            await store.finish([done], NOW)
        waiting = await store.waiting(10)
    assert told == {}
    assert "marker" not in dump(path)


async def test_nothing_is_kept_longer_than_privacy_says(store: SqliteStore, path: Path) -> None:
    exchange = Exchange(said="marker-trail", at=NOW.isoformat())
    await store.finish(
        [replace(turn(CLOSED, "marker-title", missed=(("marker-missed", "en"),)),
                 session=Session(case=CLOSED, trail=(exchange,), reminders=()))],
        NOW,
    )  # fmt: skip
    await store.clean(NOW + timedelta(hours=25))
    assert "marker-trail" not in dump(path)
    assert "marker-question" in dump(path)
    await store.clean(NOW + timedelta(days=REOPEN_DAYS, hours=1))
    assert "marker-question" not in dump(path)
    assert "marker-title" not in dump(path)
    await store.clean(NOW + timedelta(days=MISSED_DAYS, hours=1))
    assert "marker-missed" not in dump(path)
    await store.clean(NOW + timedelta(days=STATISTICS_DAYS, hours=1))
    assert "marker" not in dump(path)
    (event,) = await events(store)
    assert isinstance(event, TranscriptExpired)
    assert not event.wanted
    await store.clean(NOW + timedelta(days=STATISTICS_DAYS + 8))
    assert await store.consultations.topic(1) is None


async def test_each_of_the_last_questions_goes_in_its_own_time(store: SqliteStore) -> None:
    trail = tuple(
        Exchange(said=name, at=(NOW + timedelta(hours=hours)).isoformat())
        for name, hours in (("old", 0), ("new", 20))
    )
    await store.finish([Finished(conversation="7", session=Session(trail=trail))], NOW)
    await store.clean(NOW + timedelta(hours=30))
    assert [one.said for one in (await store.session("7")).trail] == ["new"]


async def test_a_copy_is_taken_back_only_by_who_sent_it(store: SqliteStore) -> None:
    """A reply with /delete to a resident's message never deletes the resident's own."""
    await store.finish([turn(CASE, calls=(call(GROUP, passing(10)),))], NOW)
    (outgoing,) = await store.outgoing(1, 1e12, [])
    await store.sent(outgoing.id, (20,), NOW, outgoing.call.follow)
    assert await store.consultations.sent_copy(GROUP, 20) is None
    assert await store.consultations.sent_copy(RESIDENT, 10) == 20
    await store.consultations.unlink(RESIDENT, 10)
    assert await store.consultations.copy_of(1, GROUP, 20) is None


async def test_a_message_of_another_consultation_has_no_copy_here(store: SqliteStore) -> None:
    await store.finish([turn(CASE, calls=(call(GROUP, passing(10)),))], NOW)
    (outgoing,) = await store.outgoing(1, 1e12, [])
    await store.sent(outgoing.id, (20,), NOW, outgoing.call.follow)
    assert await store.consultations.copy_of(2, RESIDENT, 10) is None


async def test_what_was_on_its_way_leaves_no_link_when_all_was_erased(
    store: SqliteStore, path: Path
) -> None:
    await store.finish([turn(CASE, calls=(call(GROUP, passing(10)),))], NOW)
    (outgoing,) = await store.outgoing(1, 1e12, [])
    await store.finish([replace(turn(None, None), session=Session(), forget=True)], NOW)
    await store.sent(outgoing.id, (20,), NOW, outgoing.call.follow)
    assert await store.consultations.copy_of(1, RESIDENT, 10) is None


async def test_a_new_consultation_in_a_group_that_moved_knows_its_new_number(
    store: SqliteStore,
) -> None:
    """The configuration still has the old one."""
    await store.move_chat(GROUP, -200)
    await store.move_chat(-200, -200)
    await store.finish([turn(CASE)], NOW)
    topic = await store.consultations.topic(1)
    assert topic is not None
    assert topic.chat == -200


async def test_a_card_whose_call_was_replaced_on_its_way_is_still_known(
    store: SqliteStore,
) -> None:
    card = Call(chat=GROUP, method="x", payload={}, key="card:1", follow=Follow(card=1))
    await store.finish([turn(CASE, calls=(card,))], NOW)
    (outgoing,) = await store.outgoing(1, 1e12, [])
    await store.finish([turn(CASE, calls=(card,))], NOW)
    await store.sent(outgoing.id, (30,), NOW, outgoing.call.follow)
    topic = await store.consultations.topic(1)
    assert topic is not None
    assert topic.card == 30
    assert len(await store.calls_for(GROUP)) == 1


async def test_a_topic_that_was_made_while_all_was_erased_goes_too(store: SqliteStore) -> None:
    await store.finish([turn(CASE)], NOW)
    await store.finish([replace(turn(None, None), session=Session(), forget=True)], NOW)
    (first,) = await store.waiting(5)
    done = Finished(conversation=str(GROUP), session=Session(), seq=first.seq)
    await store.finish([done], NOW)
    await store.consultations.found_topic(1, 55)
    assert [type(one) for one in await events(store)] == [TranscriptExpired]


async def test_an_open_consultation_of_an_erased_session_is_closed(store: SqliteStore) -> None:
    await store.finish([turn(CASE)], NOW)
    later = NOW + timedelta(days=SESSION_DAYS + 1)
    await store.clean(later)
    overview = await store.consultations.overview(GROUP, NOW, later)
    assert overview.waiting == ()


async def test_two_processes_may_open_a_new_database_together(path: Path) -> None:
    stores = [SqliteStore(path) for _ in range(4)]
    for one in stores:
        await one.close()
