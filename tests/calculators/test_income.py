"""Salary and public pension to income: published examples, and what always holds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calculators.household import Member, Person
from bot.calculators.income import earned, pension_income, salary_income
from bot.calculators.ledger import Ledger, NotKnownYet
from bot.loading.calculating import tables_of
from bot.loading.library import read_library
from tests.conftest import ROOT

TABLES = tables_of(read_library(ROOT / "intents"))


def salary(yen: int, fiscal_year: int = 2026) -> int:
    return salary_income(yen, date(fiscal_year, 4, 1), Ledger(TABLES))


def pension(yen: int, *, senior: bool) -> int:
    return pension_income(yen, senior, date(2026, 4, 1), Ledger(TABLES))


@pytest.mark.parametrize(
    ("paid", "income"),
    [
        (0, 0),
        (649_999, 0),
        (650_001, 1),
        (1_900_000, 1_250_000),
        (1_903_999, 1_250_000),
        (1_904_000, 1_252_800),
        (2_000_000, 1_320_000),
        (2_400_000, 1_600_000),
        (3_000_000, 2_020_000),
        (3_600_000, 2_440_000),
        (4_800_000, 3_400_000),
        (5_000_000, 3_560_000),
        (5_505_000, 3_963_200),
        (6_600_000, 4_840_000),
        (6_600_001, 4_840_000),
        (7_000_000, 5_200_000),
        (8_500_000, 6_550_000),
        (10_000_000, 8_050_000),
    ],
)
def test_salaries_of_2025(paid: int, income: int) -> None:
    """Pages of Shinjuku, Narita and Mitaka, facts 1.6."""
    assert salary(paid) == income


@pytest.mark.parametrize(
    ("paid", "income"),
    [
        (550_000, 0),
        (1_000_000, 450_000),
        (1_618_999, 1_068_999),
        (1_627_999, 1_074_000),
        (1_628_000, 1_076_800),
        (1_800_000, 1_180_000),
        (2_000_000, 1_320_000),
        (2_400_000, 1_600_000),
    ],
)
@pytest.mark.parametrize("fiscal_year", [2022, 2024, 2025])
def test_salaries_of_2024_and_before(paid: int, income: int, fiscal_year: int) -> None:
    assert salary(paid, fiscal_year) == income


def test_salaries_of_2026_are_known_up_to_2_200_000() -> None:
    assert salary(740_000, 2027) == 0
    assert salary(2_200_000, 2027) == 1_460_000
    with pytest.raises(NotKnownYet):
        salary(2_200_001, 2027)
    with pytest.raises(NotKnownYet):
        salary(2_000_000, 2028)


@pytest.mark.parametrize(
    ("paid", "senior", "income"),
    [
        (600_000, False, 0),
        (1_000_000, False, 400_000),
        (1_300_000, False, 700_000),
        (2_000_000, False, 1_225_000),
        (1_100_000, True, 0),
        (1_600_000, True, 500_000),
        (3_300_000, True, 2_200_000),
        (4_000_000, True, 2_725_000),
        (5_000_000, True, 3_565_000),
        (8_000_000, True, 6_145_000),
        (12_000_000, True, 10_045_000),
    ],
)
def test_public_pensions(paid: int, senior: bool, income: int) -> None:
    assert pension(paid, senior=senior) == income


def test_pensions_above_the_smallest_deduction_are_not_official() -> None:
    ledger = Ledger(TABLES)
    pension_income(1_600_000, True, date(2026, 4, 1), ledger)
    assert not all(source.official for source in ledger.sources)


def test_salary_and_pension_together_count_up_to_100_000_less() -> None:
    person = Person(number=1, member=Member(age=67, salary=800_000, pension=1_300_000), senior=True)
    found = earned(person, date(2026, 4, 1), Ledger(TABLES))
    assert (found.salary, found.pension, found.total) == (50_000, 200_000, 250_000)


@given(st.integers(0, 30_000_000), st.integers(0, 100_000), st.sampled_from([2024, 2026]))
def test_more_salary_is_never_less_income(paid: int, more: int, fiscal_year: int) -> None:
    assert salary(paid, fiscal_year) <= salary(paid + more, fiscal_year) <= paid + more


@given(st.integers(0, 30_000_000), st.integers(0, 100_000), st.booleans())
def test_more_pension_is_never_less_income(paid: int, more: int, senior: bool) -> None:
    assert pension(paid, senior=senior) <= pension(paid + more, senior=senior) <= paid + more
    assert pension(paid, senior=True) <= pension(paid, senior=False)
