"""Refunds above the monthly ceiling: examples of the ministry to the yen, and what always holds."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.calculators.high_cost import (
    ASSUMPTIONS,
    STEPS,
    YOUNG,
    Band,
    HighCostQuestion,
    HighCostResult,
    high_cost,
)
from bot.calculators.ledger import NotKnownYet, WrongQuestion
from bot.calculators.medical_bills import rounded
from bot.loading.calculating import tables_of
from bot.loading.library import read_library
from tests.conftest import ROOT

TABLES = tables_of(read_library(ROOT / "intents"))
READ = TypeAdapter(HighCostQuestion)
BANDS: tuple[Band, ...] = get_args(Band)


def bill(person: int | str = 1, *, inpatient: bool = True, **more: object) -> dict[str, object]:
    return {"person": person, "inpatient": inpatient, **more}


def answer(*bills: dict[str, object], **more: object) -> HighCostResult:
    """By default one whole cost of 1,000,000 yen in August 2026."""
    band = more.get("band", "c")
    question = {
        "month": "2026-08",
        "band": band,
        "age": 45 if band in YOUNG else 72,
        "bills": bills or [bill(total_cost=1_000_000)],
        **more,
    }
    return high_cost(READ.validate_python(question), TABLES)


def assumptions(found: HighCostResult) -> list[str]:
    return [line.step.removeprefix("high_cost.") for line in found.assumptions]


@pytest.mark.parametrize(
    ("month", "cost", "ceiling"),
    [
        ("2026-08", 1_000_000, 92_940),
        ("2026-08", 2_000_000, 102_940),
        ("2026-08", 3_000_000, 112_940),
        ("2026-07", 1_000_000, 87_430),
        ("2027-07", 1_000_000, 92_940),
    ],
)
def test_the_examples_of_the_ministry(month: str, cost: int, ceiling: int) -> None:
    found = answer(bill(total_cost=cost), month=month)
    assert (found.ceiling, found.burden) == (ceiling, ceiling)
    assert found.paid == cost * 3 // 10
    assert found.refund == found.paid - ceiling


def test_the_refunds_of_the_ministry_s_examples() -> None:
    assert answer().refund == 207_060
    assert answer(month="2026-07").refund == 212_570


def test_three_bills_of_a_couple_of_the_general_band() -> None:
    """Example of the ministry until July 2026: 49,000 + 8,000 + 4,000 yen."""
    found = answer(
        bill(1, paid=49_000),
        bill(2, inpatient=False, paid=8_000),
        bill(2, inpatient=False, paid=4_000),
        month="2026-07",
        band="general",
    )
    assert (found.paid, found.ceiling, found.refund) == (61_000, 57_600, 3_400)
    assert found.counted == (1, 2, 3)


@pytest.mark.parametrize(
    ("band", "july", "august", "fourth"),
    [
        ("a", 254_180, 271_290, 140_100),
        ("b", 171_820, 183_130, 93_000),
        ("c", 87_430, 92_940, 44_400),
        ("d", 57_600, 61_500, 44_400),
        ("e", 35_400, 36_900, 24_600),
        ("working3", 254_180, 271_290, 140_100),
        ("working2", 171_820, 183_130, 93_000),
        ("working1", 87_430, 92_940, 44_400),
        ("general", 57_600, 61_500, 44_400),
        ("low2", 24_600, 25_700, 24_600),
        ("low1", 15_000, 15_700, 15_700),
    ],
)
def test_every_band_before_and_after_the_change(
    band: Band, july: int, august: int, fourth: int
) -> None:
    assert answer(band=band, month="2026-07").ceiling == july
    assert answer(band=band).ceiling == august
    assert answer(band=band, earlier_months_in_year=2).ceiling == august
    assert answer(band=band, earlier_months_in_year=3).ceiling == fourth


def test_low_income_ii_had_no_fourth_month_before_august_2026() -> None:
    assert answer(band="low2", month="2026-07", earlier_months_in_year=5).ceiling == 24_600


def test_half_a_yen_is_rounded_up() -> None:
    assert [rounded(86 + part) for part in (0, 1)] == [86, 87]
    for cost, ceiling in ((286_000, 85_800), (286_049, 85_800), (286_050, 85_801)):
        assert answer(bill(total_cost=cost)).ceiling == ceiling


def test_a_cost_below_the_threshold_takes_nothing_off_the_ceiling() -> None:
    found = answer(bill(total_cost=850_000), band="a")
    assert (found.ceiling, found.paid, found.refund) == (270_300, 255_000, 0)
    assert found.burden == 255_000


def test_small_bills_do_not_count_under_seventy_and_stay() -> None:
    found = answer(
        bill(total_cost=1_000_000), bill(2, paid=20_999), bill(2, inpatient=False, paid=21_000)
    )
    assert (found.counted, found.ignored) == ((1, 3), (2,))
    assert found.ceiling == 85_800 + 7_840  # 1,070,000 yen of cost
    assert found.burden == found.ceiling + 20_999
    assert "each_bill_one_hospital" in assumptions(found)
    none = answer(bill(paid=15_000), bill(paid=15_000))
    assert (none.counted, none.refund, none.burden) == ((), 0, 30_000)


def test_medicines_join_the_hospital_and_stays_do_not_join_visits() -> None:
    visit = bill(inpatient=False, paid=15_000, hospital="A")
    medicine = bill(inpatient=False, paid=6_000, hospital="A")
    assert answer(visit, medicine).counted == (1, 2)
    assert answer(visit, {**medicine, "inpatient": True}).counted == ()
    assert answer(visit, {**medicine, "person": 2}).counted == ()
    assert answer(visit, {**medicine, "hospital": "B"}).counted == ()


def test_the_share_of_the_cost() -> None:
    assert answer(bill(total_cost=100_000)).paid == 30_000
    assert answer(bill(total_cost=100_000, copay_percent=20)).paid == 20_000
    assert answer(bill(total_cost=100_000), band="general").paid == 20_000
    assert answer(bill(total_cost=100_000), band="working1").paid == 30_000
    from_paid = answer(bill(paid=300_000))
    assert (from_paid.ceiling, from_paid.refund) == (92_940, 207_060)
    assert "cost_from_paid" in assumptions(from_paid)


def test_from_seventy_on_outpatient_care_has_its_own_ceiling() -> None:
    visits = bill(1, inpatient=False, paid=30_000)
    alone = answer(visits, band="general")
    assert (alone.burden, alone.refund) == (22_000, 8_000)
    assert answer(visits, band="general", month="2026-07").burden == 18_000
    both = answer(visits, bill(2, paid=50_000), band="general")
    assert (both.burden, both.refund) == (61_500, 18_500)
    twice = answer(visits, bill("wife", inpatient=False, paid=23_000), band="general")
    assert twice.burden == 44_000
    low = answer(bill(1, inpatient=False, paid=9_000), bill(1, paid=10_000), band="low1")
    assert (low.burden, low.refund) == (15_700, 3_300)
    assert answer(bill(inpatient=False, paid=12_000), band="low2").burden == 11_000
    assert answer(visits, band="working1").burden == 30_000


def test_the_cap_of_the_year_does_not_change_the_refund() -> None:
    found = answer(month="2026-10", paid_since_august=480_000)
    assert (found.refund, found.burden) == (207_060, 92_940)
    assert (found.annual_cap, found.annual_left, found.annual_refund) == (530_000, 0, 42_940)
    left = answer(month="2026-10", paid_since_august=100_000)
    assert (left.annual_left, left.annual_refund) == (530_000 - 192_940, 0)
    over = answer(month="2026-10", paid_since_august=600_000)
    assert (over.annual_left, over.annual_refund) == (0, 92_940)
    assert answer().annual_left == 530_000 - 92_940  # August is the first month
    unknown = answer(month="2026-10")
    assert (unknown.annual_cap, unknown.annual_left, unknown.annual_refund) == (530_000, None, None)
    assert "annual_since_august" in assumptions(unknown)
    before = answer(month="2026-07", paid_since_august=480_000)
    assert (before.annual_cap, before.annual_left, before.annual_refund) == (None, None, None)


@pytest.mark.parametrize(
    ("band", "cap"),
    [
        ("a", 1_680_000),
        ("b", 1_110_000),
        ("d", 530_000),
        ("e", 290_000),
        ("working2", 1_110_000),
        ("general", 530_000),
        ("low2", 290_000),
        ("low1", 180_000),
    ],
)
def test_the_caps_from_august_to_july(band: Band, cap: int) -> None:
    found = answer(band=band)
    assert found.annual_cap == cap
    assert ("annual_low_pay" in assumptions(found)) == (band == "d")
    assert ("outpatient_year" in assumptions(found)) == (band in ("general", "low2"))


@pytest.mark.parametrize(
    ("month", "band"), [("2027-08", "c"), ("2014-12", "c"), ("2018-07", "general")]
)
def test_outside_the_tables_nothing_is_guessed(month: str, band: Band) -> None:
    with pytest.raises(NotKnownYet):
        answer(month=month, band=band)


def test_working_bands_begin_with_the_others_from_seventy_on() -> None:
    with pytest.raises(NotKnownYet):
        answer(month="2016-04", band="working3")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"age": "mixed"}, "Ask the counter"),
        ({"age": 72}, "band:"),
        ({"age": 200}, "0 to 120"),
        ({"band": "general", "age": 45}, "a to e"),
        ({"bills": []}, "at least one bill"),
        ({"bills": [bill()]}, "either total_cost or paid"),
        ({"bills": [bill(paid=1, total_cost=1)]}, "either total_cost or paid"),
        ({"bills": [bill(paid=-1)]}, "0 yen or more"),
        ({"bills": [bill(paid=1, copay_percent=40)]}, "copay_percent"),
        ({"bills": [bill(paid=1, copay_percent=0)]}, "copay_percent"),
        ({"earlier_months_in_year": 12}, "0 to 11"),
        ({"paid_since_august": 10}, "in August"),
        ({"paid_since_august": -10}, "0 yen or more"),
        ({"month": "Aug 2026"}, "Write it as 2026-08"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    question: dict[str, object], says: str
) -> None:
    with pytest.raises(WrongQuestion, match=says):
        answer(**question)


BILLS = st.lists(
    st.builds(
        bill,
        st.integers(1, 3),
        inpatient=st.booleans(),
        paid=st.integers(0, 900_000),
        hospital=st.sampled_from([None, "A", "B"]),
    ),
    min_size=1,
    max_size=6,
)


@given(
    BILLS,
    st.sampled_from(BANDS),
    st.dates(date(2018, 8, 1), date(2027, 7, 31)),
    st.integers(0, 11),
    st.none() | st.integers(0, 2_000_000),
)
def test_what_always_holds(
    bills: list[dict[str, object]], band: Band, day: date, earlier: int, since: int | None
) -> None:
    more = {"month": f"{day:%Y-%m}", "band": band}
    since = None if day.month == 8 else since
    found = answer(*bills, **more, earlier_months_in_year=earlier, paid_since_august=since)
    assert found.refund == found.paid - found.burden >= 0
    assert sorted(found.counted + found.ignored) == list(range(1, len(bills) + 1))
    small = sum(int(str(bills[number - 1]["paid"])) for number in found.ignored)
    assert found.burden - small <= found.ceiling
    assert found.ceiling <= answer(*bills, **more).ceiling
    assert (found.annual_cap is None) == (day < date(2026, 8, 1))
    if found.annual_cap is not None and found.annual_left is not None:
        assert 0 <= found.annual_left <= found.annual_cap
        assert found.annual_left == 0 or found.annual_refund == 0
    assert all(set(dict(line.values)) == set(STEPS[line.step]) for line in found.lines)
    assert all(set(dict(line.values)) == set(ASSUMPTIONS[line.step]) for line in found.assumptions)


@given(st.integers(0, 500_000), st.integers(0, 10_000), st.sampled_from(BANDS))
def test_who_costs_more_never_bears_less(points: int, more: int, band: Band) -> None:
    """A point of the national price list is 10 yen."""
    here = answer(bill(total_cost=points * 10), band=band)
    there = answer(bill(total_cost=(points + more) * 10), band=band)
    assert there.burden >= here.burden
    assert there.refund >= here.refund
