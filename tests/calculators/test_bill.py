"""A bill beside the premium worked out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.calculators.bill import BillQuestion, BillResult, check_bill
from bot.calculators.ledger import WrongQuestion
from bot.loading.calculating import tables_of
from bot.loading.library import read_library
from tests.conftest import ROOT

TABLES = tables_of(read_library(ROOT / "intents"))
QUESTION = TypeAdapter(BillQuestion)
SINGLE = [{"age": 30, "income": 1_600_000}]


def answer(billed: int, **question: Any) -> BillResult:
    asked = {"fiscal_year": 2026, "place": "tokyo_hino", "members": SINGLE, **question}
    return check_bill(QUESTION.validate_python({**asked, "billed": billed}), TABLES)


@pytest.mark.parametrize(
    ("billed", "verdict"),
    [
        (144_723, "plausible"),
        (144_500, "plausible"),  # cut to 100 yen a portion
        (147_617, "plausible"),  # 2 percent more
        (147_618, "ask"),
        (141_606, "plausible"),  # 2 percent and 223 yen less
        (141_605, "ask"),
        (159_195, "ask"),
        (159_196, "off"),
        (130_028, "ask"),
        (130_027, "off"),
        (0, "off"),
    ],
)
def test_bills_of_hino(billed: int, verdict: str) -> None:
    found = answer(billed)
    assert found.verdict == verdict
    assert found.difference == billed - found.expected == billed - found.total


def test_rates_that_are_not_official_never_make_a_bill_off() -> None:
    found = answer(10_000, place="kumamoto_kumamoto")
    assert (found.verdict, found.official) == ("ask", False)
    assert found.lines[-1].step == "bill.compared"


def test_small_premiums_need_more_than_5000_yen_to_be_off() -> None:
    poor = [{"age": 30, "income": 0}]
    assert answer(14_634 + 100, members=poor).verdict == "plausible"
    assert answer(14_634 + 5_000, members=poor).verdict == "ask"
    assert answer(14_634 + 5_001 + 400, members=poor).verdict == "off"


def test_a_bill_is_not_below_zero() -> None:
    with pytest.raises(WrongQuestion, match="billed"):
        answer(-1)


@given(st.integers(0, 400_000), st.integers(0, 50_000))
def test_a_bill_farther_away_is_never_judged_better(billed: int, more: int) -> None:
    order = ("plausible", "ask", "off")
    expected = answer(0).expected
    far = billed + more if billed >= expected else max(0, billed - more)
    assert order.index(answer(far).verdict) >= order.index(answer(billed).verdict)
