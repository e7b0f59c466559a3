"""Deadlines that count from an event: the examples of offices, holidays, and what always holds."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from bot.calculators.calendar import city_closed
from bot.calculators.deadline import (
    ASSUMPTIONS,
    RULES,
    STEPS,
    DeadlineQuestion,
    DeadlineResult,
    Kind,
    deadline,
)
from bot.calculators.ledger import Line, NotKnownYet, WrongQuestion
from bot.loading.calculating import tables_of
from bot.loading.library import read_library
from tests.conftest import ROOT

TABLES = tables_of(read_library(ROOT / "intents"))
KINDS = get_args(Kind)
READ = TypeAdapter(DeadlineQuestion)


def answer(kind: str, event: str | date, **more: object) -> DeadlineResult:
    question = {"kind": kind, "event": event, **more}
    return deadline(READ.validate_python(question), TABLES)


def ids(lines: tuple[Line, ...]) -> list[str]:
    return [line.step.removeprefix("deadline.") for line in lines]


@pytest.mark.parametrize(
    ("kind", "event", "last"),
    [
        ("report", "2026-12-01", "2026-12-15"),
        ("report", "2026-12-15", "2027-01-04"),  # 29 December: closed until 4 January
        ("report", "2026-11-07", "2026-11-24"),  # 21 November: a Saturday, and Monday a holiday
        ("birth_registration", "2026-12-01", "2026-12-14"),
        ("baby_insurance", "2026-12-01", "2026-12-15"),
        ("baby_status", "2026-12-01", "2026-12-31"),
        ("baby_stay", "2026-12-01", "2027-01-30"),
        ("address_status", "2026-12-01", "2027-03-01"),
        ("voluntary_continuation", "2026-03-31", "2026-04-20"),
        ("voluntary_continuation", "2026-10-31", "2026-11-20"),
        ("voluntary_continuation", "2026-11-01", "2026-11-24"),
        ("refund", "2026-10-15", "2028-10-15"),
        ("childbirth", "2024-02-29", "2026-02-28"),
        ("childbirth", "2026-02-28", "2028-02-29"),
        ("funeral", "2026-12-31", "2028-12-31"),
        ("transport", "2026-07-01", "2028-07-01"),
        ("pension_lump_sum", "2026-10-15", "2028-10-15"),
        ("refund_premium", "2026-06-30", "2028-06-30"),
        ("refund_tax", "2026-06-30", "2031-06-30"),
        ("back_premium", "2026-06-30", "2028-06-30"),
        ("back_tax", "2026-07-31", "2029-07-31"),
        ("full_payment", "2026-06-30", "2027-06-30"),
        ("suspension", "2026-06-30", "2027-12-31"),
    ],
)
def test_the_last_day(kind: str, event: str, last: str) -> None:
    found = answer(kind, event)
    assert found.last_day == date.fromisoformat(last)
    assert found.first_day is None
    assert (found.days_left, found.overdue) == (None, None)
    assert found.sources


@pytest.mark.parametrize(
    ("more", "last"),
    [
        ({}, "2028-08-31"),
        ({"paid": "2026-08-31"}, "2028-08-31"),
        ({"paid": "2026-09-01"}, "2028-09-01"),
        ({"paid": "2027-01-10"}, "2029-01-10"),
        ({"notified": "2026-11-20"}, "2028-11-20"),
        ({"paid": "2026-12-10", "notified": "2026-11-20"}, "2028-12-10"),
    ],
)
def test_two_years_for_a_high_cost_refund(more: dict[str, object], last: str) -> None:
    """From the 1st of the month after treatment, the payment, or the notice of the city."""
    assert answer("high_cost", "2026-08-17", **more).last_day == date.fromisoformat(last)


def test_a_notice_does_not_hide_the_safe_day() -> None:
    found = answer("high_cost", "2026-08-17", notified="2026-11-20", paid="2026-08-20")
    notice = next(line for line in found.assumptions if line.step == "deadline.notice")
    assert notice.values == (("day", date(2028, 8, 31)),)


def test_some_things_are_possible_from_a_day_on() -> None:
    moving = answer("moving_out", "2026-12-20", today="2026-12-18")
    assert (moving.first_day, moving.last_day) == (date(2026, 12, 6), date(2026, 12, 20))
    assert moving.days_left == 2
    exempt = answer("childbirth_exemption", "2027-08-31", today="2026-12-18")
    assert (exempt.first_day, exempt.last_day) == (date(2027, 2, 28), None)
    assert (exempt.days_left, exempt.overdue) == (None, None)


def test_days_are_left_or_the_last_one_has_passed() -> None:
    in_time = answer("report", "2026-12-01", today="2026-12-10")
    assert (in_time.days_left, in_time.overdue) == (5, False)
    today = answer("report", "2026-12-01", today="2026-12-15")
    assert (today.days_left, today.overdue) == (0, False)
    assert "last_day_is_today" in ids(today.lines)
    late = answer("report", "2026-12-01", today="2026-12-16")
    assert (late.days_left, late.overdue) == (-1, True)
    assert "overdue" in ids(late.lines)


def test_what_was_taken_for_granted_is_said() -> None:
    assert ids(answer("report", "2026-12-01").assumptions) == ["event_not_counted", "city_holidays"]
    assert "event_counted" in ids(answer("birth_registration", "2026-12-01").assumptions)
    assert "must_arrive" in ids(answer("voluntary_continuation", "2026-12-01").assumptions)
    assert "not_moved" in ids(answer("refund", "2026-12-01").assumptions)
    assert "not_moved" not in ids(answer("back_premium", "2026-12-01").assumptions)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"kind": "report", "event": "2026-12-01", "paid": "2026-12-02"}, "high_cost only"),
        ({"kind": "high_cost", "event": "2026-12-01", "paid": "2026-11-30"}, "paid: 2026-11-30"),
        ({"kind": "high_cost", "event": "2026-12-01", "notified": "2026-11-30"}, "notified:"),
        ({"kind": "report", "event": "1999-12-01"}, "between the years"),
        ({"kind": "report", "event": "2099-12-31"}, "between the years"),
    ],
)
def test_a_question_that_contradicts_itself_says_why(more: dict[str, object], says: str) -> None:
    with pytest.raises(WrongQuestion, match=says):
        deadline(READ.validate_python(more), TABLES)


def test_before_the_tables_begin_nothing_is_guessed() -> None:
    with pytest.raises(NotKnownYet):
        answer("report", "2012-07-08")


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(ValidationError):
        answer("tax_return", "2026-12-01")
    assert set(RULES) == set(KINDS)


@given(st.sampled_from(KINDS), st.dates(date(2024, 1, 1), date(2040, 12, 31)), st.integers(0, 900))
def test_what_always_holds(kind: Kind, event: date, passed: int) -> None:
    today = event + timedelta(days=passed)
    found = answer(kind, event, today=today)
    assert all(set(dict(line.values)) == set(STEPS[line.step]) for line in found.lines)
    assert all(set(dict(line.values)) == set(ASSUMPTIONS[line.step]) for line in found.assumptions)
    if found.last_day is None:
        return
    assert found.last_day >= event
    assert found.days_left == (found.last_day - today).days
    assert found.overdue is (today > found.last_day)
    if RULES[kind].holidays:
        assert not city_closed(found.last_day)
    if kind not in ("moving_out", "childbirth_exemption"):
        later = answer(kind, event + timedelta(days=1)).last_day
        assert later is not None
        assert later >= found.last_day
