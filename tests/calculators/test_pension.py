"""The lump-sum withdrawal payment: published examples to the yen, and what always holds."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calculators.ledger import Ledger
from bot.calculators.pension import tax_withheld
from bot.loading.calculating import BadQuestion, calculate, schema, tables_of
from bot.loading.library import read_library
from tests.conftest import ROOT

LIBRARY = read_library(ROOT / "intents")


def answer(**question: object) -> dict[str, object]:
    result: dict[str, object] = json.loads(calculate("pension", json.dumps(question), LIBRARY))
    return result


def test_thirty_months_of_employees_pension() -> None:
    """Japan Pension Service, page 20150406: 300,000 x 2.7."""
    found = answer(system="employees", months=30, average=300_000, last_month="2026-08")
    assert found["amount"] == 810_000
    assert found["withheld"] == 165_402
    assert found["paid"] == 644_598
    assert found["refundable_tax"] == 165_402


def test_twenty_months_of_national_pension() -> None:
    """Japan Pension Service, page 20210401_01: 18 to 23 months, last paid in fiscal year 2026."""
    found = answer(system="national", months=20, last_month="2026-05")
    assert (found["amount"], found["withheld"], found["paid"]) == (161_280, 0, 161_280)


def test_the_tax_of_the_tax_agency_s_example() -> None:
    """National Tax Agency, taisyokusentaku.pdf: of 291,478 yen 59,519 are withheld."""
    assert tax_withheld(291_478, Ledger(tables_of(LIBRARY)), date(2026, 3, 1)) == 59_519


def test_six_months_are_enough_and_five_are_not() -> None:
    found = answer(system="employees", months=6, average=300_000, last_month="2026-03")
    assert found["amount"] == 150_000
    for system in ("employees", "national"):
        short = answer(system=system, months=4, average=300_000, last_month="2026-03")
        assert short["nothing"] == "too_few_months"
        assert short["paid"] == 0


def test_ten_years_of_both_systems_are_too_many() -> None:
    question = {"system": "national", "months": 30, "last_month": "2026-03"}
    assert answer(**question, all_months=120)["nothing"] == "ten_years"
    assert answer(**question, all_months=119)["nothing"] is None


def test_sixty_months_count_at_most_and_thirty_six_before_april_2021() -> None:
    late = answer(system="employees", months=90, average=300_000, last_month="2026-03")
    assert late["amount"] == 1_650_000
    early = answer(system="employees", months=90, average=300_000, last_month="2021-03")
    assert early["amount"] == 990_000


def test_pay_and_bonuses_are_spread_over_the_months() -> None:
    by_month = answer(
        system="employees", months=12, monthly=[250_000] * 12, bonuses=600_000, last_month="2026-03"
    )
    assert by_month["amount"] == 330_000
    same = answer(
        system="employees", months=12, monthly=250_000, bonuses=600_000, last_month="2026-03"
    )
    assert same["amount"] == by_month["amount"]


def test_where_a_part_of_the_tax_is_owed_no_figure_is_guessed() -> None:
    found = answer(system="employees", months=60, average=650_000, last_month="2026-03")
    assert found["amount"] == 3_575_000
    assert found["refundable_tax"] is None
    assert any("tax office" in str(one) for one in [found["assumptions"]])


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"system": "national", "months": 20, "last_month": "2028-05"}, "Not known yet"),
        ({"system": "national", "months": 20, "last_month": "May"}, "Write it as 2026-03"),
        ({"system": "employees", "months": 20, "last_month": "2026-03"}, "give the average"),
        ({"system": "employees", "months": -1, "last_month": "2026-03"}, "0 or more"),
        (
            {"system": "employees", "months": 9, "average": -1, "last_month": "2026-03"},
            "amounts of 0 or more",
        ),
        (
            {"system": "employees", "months": 9, "average": 1e30, "last_month": "2026-03"},
            "too large",
        ),
        ({"system": "nenkin", "months": 20, "last_month": "2026-03"}, "system:"),
        ({"months": 20}, "last_month: Field required"),
        (
            {"system": "employees", "months": 9, "monthly": [1, 2], "last_month": "2026-03"},
            "9 figures",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(
    question: dict[str, object], says: str
) -> None:
    with pytest.raises(BadQuestion, match=says):
        answer(**question)


@given(
    months=st.integers(6, 119),
    average=st.integers(88_000, 650_000),
    last=st.dates(date(2021, 4, 1), date(2027, 3, 31)),
)
def test_more_months_or_more_pay_never_give_less(months: int, average: int, last: date) -> None:
    def amount(months: int, average: int) -> int:
        found = answer(
            system="employees", months=months, average=average, last_month=f"{last:%Y-%m}"
        )
        assert found["amount"] == int(str(found["paid"])) + int(str(found["withheld"]))
        return int(str(found["amount"]))

    here = amount(months, average)
    assert amount(min(months + 6, 119), average) >= here
    assert amount(months, average + 1000) >= here


def test_the_schema_names_what_goes_in_and_comes_out() -> None:
    both = json.loads(schema("pension"))
    assert "system" in both["question"]["properties"]
    assert "refundable_tax" in both["result"]["properties"]
