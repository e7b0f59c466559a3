"""The premium: published examples to the yen, the derived values of facts 4.3, and its laws."""

import os
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.calculators.household import Member, birthday, reached
from bot.calculators.ledger import Ledger, NotKnownYet, WrongQuestion
from bot.calculators.premium import (
    ASSUMPTIONS,
    STEPS,
    PremiumQuestion,
    PremiumResult,
    basic_deduction,
    premium,
)
from bot.calculators.rates import Key
from bot.loading.calculating import tables_of
from bot.loading.library import read_library
from tests.conftest import ROOT

TABLES = tables_of(read_library(ROOT / "intents"))
QUESTION = TypeAdapter(PremiumQuestion)

HOUSEHOLDS = int(os.environ.get("MADOGUCHI_HOUSEHOLDS", "3000"))
"""How many made-up households the laws are tried on; 100000 take less than a minute."""

FIVE = ("tokyo_hino", "kumamoto_kumamoto", "hokkaido_sapporo", "tokyo_bunkyo", "chiba_kashiwa")
PORTIONS: tuple[Key, ...] = ("medical", "elderly_support", "nursing_care_40_64", "child_support")


def answer(**question: Any) -> PremiumResult:
    return premium(QUESTION.validate_python({"fiscal_year": 2026, **question}), TABLES)


def rate(percent: str, person: int, household: int = 0, cap: int | None = None) -> dict[str, Any]:
    return {
        "income_percent": percent,
        "per_person": person,
        "per_household": household,
        "cap": cap,
    }


SHINJUKU_2025 = {
    "medical": rate("7.71", 47_300),
    "elderly_support": rate("2.69", 16_800),
    "nursing_care_40_64": rate("2.25", 16_600),
}
NAGANO_2025 = {
    "medical": rate("8.20", 17_760, 19_680),
    "elderly_support": rate("2.80", 6_240, 7_560),
}


def test_e1_shinjuku_single_employee() -> None:
    found = answer(
        fiscal_year=2025,
        rates=SHINJUKU_2025,
        cut_to=1,
        members=[{"age": 20, "salary": 2_400_000}],
    )
    assert found.portions["medical"] == 137_507
    assert found.portions["elderly_support"] == 48_273
    assert found.total == 185_780


def test_e2_shinjuku_family_of_four() -> None:
    found = answer(
        fiscal_year=2025,
        rates=SHINJUKU_2025,
        cut_to=1,
        members=[{"age": 45, "salary": 4_800_000, "head": True}]
        + [{"age": age} for age in (38, 15, 2)],
    )
    assert list(found.portions.values()) == [394_537, 138_693, 83_425]
    assert found.total == 616_655


def test_e3_shinjuku_fiscal_year_2022() -> None:
    rates = {
        "medical": rate("7.16", 42_100, cap=650_000),
        "elderly_support": rate("2.28", 13_200, cap=200_000),
    }
    found = answer(
        fiscal_year=2022, rates=rates, cut_to=1, members=[{"age": 20, "salary": 2_400_000}]
    )
    assert list(found.portions.values()) == [42_100 + 83_772, 13_200 + 26_676]
    assert found.total == 165_748


def test_e7_narita_with_20_percent_off() -> None:
    found = answer(
        fiscal_year=2024,
        rates={"medical": rate("6.59", 21_000, 18_100)},
        cut_to=100,
        members=[{"age": 45, "salary": 2_000_000}, {"age": 43}, {"age": 17}],
    )
    assert found.reduction_percent == 20
    assert found.total == 123_500
    lines = {line.step: dict(line.values) for line in found.lines}
    assert lines["premium.limits"]["limit_50"] == 1_315_000
    assert lines["premium.limits"]["limit_20"] == 2_065_000
    assert lines["premium.medical"] == {
        "income_part": 58_651,
        "per_person": 50_400,
        "per_household": 14_480,
    }


def test_e8_setouchi_pensioner() -> None:
    rates = {
        "medical": rate("9.61", 26_663, 22_825),
        "elderly_support": rate("3.14", 9_539, 7_355),
    }
    found = answer(
        fiscal_year=2025, rates=rates, cut_to=100, members=[{"age": 72, "pension": 1_600_000}]
    )
    assert found.reduction_percent == 70
    assert list(found.portions.values()) == [21_500, 7_200]
    assert found.total == 28_700


@pytest.mark.parametrize(("income", "total"), [(2_020_000, 226_140), (1_320_000, 149_140)])
def test_e10_and_e13_nagano(income: int, total: int) -> None:
    question = {"fiscal_year": 2025, "rates": NAGANO_2025}
    assert answer(**question, members=[{"age": 30, "income": income}]).total == total


def test_e14_ichihara_family_of_five() -> None:
    rates = {
        "medical": rate("7.59", 23_600, 25_000),
        "elderly_support": rate("2.69", 14_400),
        "nursing_care_40_64": rate("2.66", 15_100),
    }
    members = [
        {"age": 25, "income": 900_000},
        {"age": 23, "income": 700_000},
        {"age": 50, "income": 2_760_000, "head": True},
        {"age": 20, "income": 350_000},
        {"age": 15, "income": 0},
    ]
    found = answer(rates=rates, cut_to=100, members=members)
    assert list(found.portions.values()) == [376_000, 154_500, 77_000]


@pytest.mark.parametrize(
    ("members", "totals"),
    [
        ([{"age": 30, "income": 0}], (14_634, 21_000, 21_459, 20_121, 18_223)),
        ([{"age": 30, "income": 1_600_000}], (144_723, 181_969, 205_612, 190_859, 179_499)),
        ([{"age": 45, "income": 3_000_000}], (328_193, 411_807, 439_503, 419_230, 393_628)),
        (
            [{"age": 30, "income": 1_320_000}, {"age": 30}],
            (151_032, 175_893, 181_602, 201_478, 176_053),
        ),
    ],
)
def test_the_five_places_of_facts_4_3(
    members: list[dict[str, Any]], totals: tuple[int, ...]
) -> None:
    found = [answer(place=place, members=members, cut_to=1).total for place in FIVE]
    assert tuple(found) == totals


def test_what_a_place_cuts_to() -> None:
    single = [{"age": 30, "income": 1_600_000}]
    hino = answer(place="tokyo_hino", members=single)
    assert (hino.total, hino.at_most_less) == (144_723, 223)
    assert answer(place="tokyo_hino", members=single, cut_to=100).total == 144_500
    sapporo = answer(place="hokkaido_sapporo", members=single)
    assert (sapporo.total % 10, sapporo.at_most_less) == (0, 0)
    assert answer(place="tokyo_bunkyo", members=single).at_most_less == 0


def test_about_and_notes_come_from_the_rate_area() -> None:
    single = [{"age": 30, "income": 1_600_000}]
    assert answer(place="tokyo_hino", members=single).official
    assert not answer(place="hokkaido_sapporo", members=single).official
    assert answer(place="kanagawa_kawasaki", members=single).notes
    assert len(TABLES.rates) >= 17


def test_two_salaries_are_official_where_the_earner_lines_do_not_matter() -> None:
    two = [{"age": 30, "salary": 4_000_000}, {"age": 30, "salary": 3_000_000}]
    assert answer(place="tokyo_hino", members=two).official
    poor = [{"age": 30, "salary": 1_000_000}, {"age": 30, "salary": 600_000}]
    assert not answer(place="tokyo_hino", members=poor).official


@pytest.mark.parametrize(
    ("income", "members", "percent"),
    [
        (430_000, 1, 70),
        (430_001, 1, 50),
        (740_000, 1, 50),
        (740_001, 1, 20),
        (1_000_000, 1, 20),
        (1_000_001, 1, 0),
        (1_050_000, 2, 50),
        (1_570_000, 2, 20),
        (1_570_001, 2, 0),
        (2_140_000, 3, 20),
        (1_670_000, 4, 50),
        (2_710_000, 4, 20),
        (2_710_001, 4, 0),
    ],
)
def test_the_limits_of_the_reduction(income: int, members: int, percent: int) -> None:
    people = [{"age": 30, "income": income}] + [{"age": 30}] * (members - 1)
    assert answer(place="tokyo_hino", members=people).reduction_percent == percent


def test_further_earners_and_special_persons_raise_the_limits() -> None:
    earner = {"age": 30, "salary": 1_000_000}  # income 350,000
    assert answer(place="tokyo_hino", members=[earner] * 2).reduction_percent == 50
    less = {"age": 30, "salary": 900_000}  # income 250,000: together 500,000 <= 530,000
    assert answer(place="tokyo_hino", members=[less] * 2).reduction_percent == 70
    no_earner = {**less, "earner": False}
    assert answer(place="tokyo_hino", members=[less, no_earner]).reduction_percent == 50
    one = {"place": "tokyo_hino", "members": [{"age": 70, "income": 1_040_000}]}
    assert answer(**one).reduction_percent == 0
    assert answer(**one, special_persons=1).reduction_percent == 50
    moved = {"age": 78, "income": 0, "insured": False, "moved_to_elderly": True}
    with_moved = answer(place="tokyo_hino", members=[*one["members"], moved])
    assert with_moved.reduction_percent == 50


def test_the_income_of_an_uninsured_head_counts_for_the_reduction_only() -> None:
    wife = {"age": 30}
    alone = answer(place="tokyo_hino", members=[wife])
    head = {"age": 35, "salary": 5_000_000, "insured": False, "head": True}
    found = answer(place="tokyo_hino", members=[wife, head])
    assert (alone.reduction_percent, found.reduction_percent) == (70, 0)
    assert found.portions["medical"] == 34_500
    other = answer(place="tokyo_hino", members=[wife, {**head, "head": False}])
    assert other.portions == alone.portions


def test_children() -> None:
    family = [{"age": 30, "income": 3_000_000, "head": True}]
    alone = answer(place="tokyo_hino", members=family).portions
    with_baby = answer(place="tokyo_hino", members=[*family, {"age": 1}]).portions
    with_teen = answer(place="tokyo_hino", members=[*family, {"age": 15}]).portions
    assert with_baby["medical"] - alone["medical"] == 34_500 // 2
    assert with_baby["elderly_support"] - alone["elderly_support"] == 12_300 // 2
    assert with_teen["medical"] - alone["medical"] == 34_500
    assert with_baby["child_support"] == with_teen["child_support"] == alone["child_support"]


def test_a_child_is_a_preschool_child_until_the_31_march_after_the_sixth_birthday() -> None:
    def medical(born: str) -> int:
        family = [{"age": 30, "income": 3_000_000}, {"born": born}]
        return answer(place="tokyo_hino", members=family).portions["medical"]

    assert medical("2020-04-02") == medical("2025-01-01")
    assert medical("2020-04-01") == medical("2015-01-01") > medical("2020-04-02")


def test_the_nursing_portion_by_month() -> None:
    def nursing(born: str, **question: Any) -> int:
        single = [{"born": born, "income": 3_000_000}]
        return answer(place="tokyo_hino", members=single, **question).portions["nursing_care_40_64"]

    year = 2_570_000 * 21 // 1000 + 14_700
    assert nursing("1980-06-01") == year
    assert nursing("1986-10-02") == year // 2  # 40 in October: October to March
    assert nursing("1986-10-01") == ((2_570_000 * 21 // 1000) * 7 // 12) + 14_700 * 7 // 12
    assert nursing("1961-10-02") == year // 2  # 65 in October: April to September
    assert nursing("1986-10-02", months=6) == year // 2
    assert nursing("1990-01-01") == 0


def test_at_75_somebody_leaves_in_the_month_of_the_birthday() -> None:
    found = answer(
        place="tokyo_hino", members=[{"born": "1951-10-01", "income": 0, "preschool": False}]
    )
    assert found.months == 6


def test_months_and_ages_of_single_members() -> None:
    whole = answer(place="tokyo_hino", members=[{"age": 30, "income": 2_000_000}])
    half = answer(place="tokyo_hino", members=[{"age": 30, "income": 2_000_000}], months=6)
    from_october = answer(
        place="tokyo_hino",
        members=[{"age": 30, "income": 2_000_000, "from_month": "2026-10"}],
    )
    assert half.portions == from_october.portions
    assert half.months == 6
    for key in PORTIONS:
        assert abs(half.portions[key] * 2 - whole.portions[key]) <= 4
    baby = answer(
        place="tokyo_hino",
        members=[{"age": 30, "income": 2_000_000}, {"born": "2026-12-24"}],
    )
    assert baby.portions["medical"] - whole.portions["medical"] == 34_500 // 2 * 4 // 12
    until = {"age": 30, "income": 2_000_000, "from_month": "2026-05", "until_month": "2026-07"}
    assert answer(place="tokyo_hino", members=[until]).months == 3


def test_the_ceiling_goes_by_months() -> None:
    rich = [{"age": 45, "income": 20_000_000}]
    whole = answer(place="tokyo_hino", members=rich)
    assert list(whole.portions.values()) == [670_000, 260_000, 170_000, 30_000]
    half = answer(place="tokyo_hino", members=rich, months=6)
    assert list(half.portions.values()) == [335_000, 130_000, 85_000, 15_000]


def test_months_around_a_birth() -> None:
    mother = {"age": 30, "income": 2_000_000}
    whole = answer(place="tokyo_hino", members=[mother]).total
    birth = {**mother, "childbirth": {"month": "2026-10"}}
    assert answer(place="tokyo_hino", members=[birth]).total == pytest.approx(whole * 8 / 12, abs=9)
    twins = {**mother, "childbirth": {"month": "2026-10", "multiple": True}}
    assert answer(place="tokyo_hino", members=[twins]).total == pytest.approx(whole / 2, abs=9)
    spring = {**mother, "childbirth": {"month": "2026-03"}}  # February to May: two months here
    assert answer(place="tokyo_hino", members=[spring]).total == pytest.approx(
        whole * 10 / 12, abs=9
    )
    rich = {"age": 30, "income": 20_000_000, "childbirth": {"month": "2026-10"}}
    assert answer(place="tokyo_hino", members=[rich]).portions["medical"] == 670_000


def test_the_per_household_amount_stays_in_months_around_a_birth() -> None:
    mother = {"age": 30, "income": 2_000_000, "childbirth": {"month": "2026-10"}}
    found = answer(place="hokkaido_sapporo", members=[mother])
    lines = {line.step: dict(line.values) for line in found.lines}
    assert lines["premium.medical"]["per_household"] == 32_540
    assert lines["premium.exempt"]["months"] == 4


def test_a_lost_job_counts_30_percent_of_the_salary() -> None:
    salary = {"age": 30, "salary": 3_000_000}  # income 2,020,000; 30 percent: 606,000
    found = answer(place="tokyo_hino", members=[{**salary, "lost_job": True}])
    same = answer(place="tokyo_hino", members=[{"age": 30, "income": 606_000}])
    assert found.portions == same.portions
    assert found.reduction_percent == 50


@pytest.mark.parametrize(
    ("income", "deduction"),
    [
        (24_000_000, 430_000),
        (24_000_001, 290_000),
        (24_500_001, 150_000),
        (25_000_000, 150_000),
        (25_000_001, 0),
    ],
)
def test_the_basic_deduction_shrinks(income: int, deduction: int) -> None:
    assert basic_deduction(income, date(2026, 4, 1), Ledger(TABLES)) == deduction


def test_birthdays_on_29_february() -> None:
    assert birthday(date(1960, 2, 29), 65) == date(2025, 3, 1)
    assert reached(date(1960, 2, 29), 65) == date(2025, 2, 28)
    assert reached(date(1986, 10, 1), 40) == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"members": []}, "members: nobody"),
        ({"members": [{"age": 130}]}, "members.0.age: 130"),
        ({"members": [{"age": -1}]}, "Write 0 to 120"),
        ({"members": [{"age": 75}]}, "Write insured: false"),
        ({"members": [{}]}, "the age is missing"),
        ({"members": [{"age": 30, "born": "1996-01-01"}]}, "Leave one of them out"),
        ({"members": [{"age": 30, "income": -1}]}, "members.0.income"),
        ({"members": [{"age": 30}], "months": 13}, "months: 13"),
        ({"members": [{"age": 30}], "months": 0}, "Write 1 to 12"),
        ({"members": [{"age": 30, "from_month": "2026-03"}]}, "outside the fiscal year"),
        ({"members": [{"age": 30, "from_month": "May"}]}, "Write it as 2026-07"),
        (
            {"members": [{"age": 30, "from_month": "2026-08", "until_month": "2026-07"}]},
            "Exchange them",
        ),
        ({"members": [{"age": 30, "from_month": "2026-08"}], "months": 3}, "one way or the other"),
        ({"members": [{"age": 30, "head": True}] * 2}, "has one head"),
        ({"members": [{"age": 30, "insured": False}]}, "nobody is insured"),
        ({"members": [{"born": "1940-01-01"}]}, "nobody is insured"),
        ({"members": [{"born": "2030-01-01"}]}, "nobody is insured"),
        ({"members": [{"age": 30, "moved_to_elderly": True}]}, "Write insured: false"),
        ({"members": [{"age": 9, "preschool": True}]}, "is in school"),
        ({"members": [{"age": 30}], "place": "tokyo_hinoo"}, "'tokyo_hinoo' is not known"),
        ({"members": [{"age": 30}], "rates": {"medical": rate("7", 1)}}, "either place or rates"),
        ({"members": [{"age": 30}], "place": None, "rates": {}}, "no portion"),
        ({"members": [{"age": 30}], "special_persons": -1}, "special_persons"),
        ({"members": [{"age": 30}], "fiscal_year": 26}, "Write it as 2026"),
        (
            {"members": [{"age": 30}], "place": None, "rates": {"medical": rate("-7", 1)}},
            "rates.medical",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(question: dict[str, Any], says: str) -> None:
    with pytest.raises(WrongQuestion, match=says):
        answer(**{"place": "tokyo_hino", **question})


@pytest.mark.parametrize("year", [2025, 2027])
def test_no_other_year_stands_in(year: int) -> None:
    with pytest.raises(NotKnownYet):
        answer(fiscal_year=year, place="tokyo_hino", members=[{"age": 30, "income": 0}])


def made_up(chance: random.Random) -> PremiumQuestion:
    """A household of one to six people with all that can happen to it."""
    members = tuple(made_up_member(chance) for _ in range(chance.randint(1, 6)))
    head = chance.randrange(len(members) + 1)
    members = tuple(
        replace(member, head=index == head, insured=index == 0 or chance.random() > 0.1)
        for index, member in enumerate(members)
    )
    months = chance.choice([None, None, chance.randint(1, 12)])
    return PremiumQuestion(
        fiscal_year=2026, members=members, place=chance.choice(AREAS), months=months
    )


AREAS = sorted(TABLES.rates)


def made_up_member(chance: random.Random) -> Member:
    born = date(2026 - chance.randint(0, 73), chance.randint(1, 12), chance.randint(1, 28))
    by_age = chance.random() < 0.5 or born.year == 2026
    return Member(
        age=2026 - born.year if by_age else None,
        born=None if by_age else born,
        income=chance.choice([None, 0, chance.randint(0, 30_000_000), chance.randint(0, 900_000)]),
        salary=chance.choice([None, None, chance.randint(0, 12_000_000)]),
        pension=chance.choice([None, None, None, chance.randint(0, 5_000_000)]),
        lost_job=chance.random() < 0.1,
    )


def lawful(question: PremiumQuestion) -> PremiumResult:
    found = premium(question, TABLES)
    rates = TABLES.rates[str(question.place)].years[0]
    caps = (rates.medical, rates.elderly_support, rates.nursing_care, rates.child_support)
    assert found.total == sum(found.portions.values())
    for yen, portion in zip(found.portions.values(), caps, strict=True):
        assert 0 <= yen <= portion.cap
    assert found.reduction_percent in (0, 20, 50, 70)
    assert 0 <= found.at_most_less < 4 * 100
    assert 1 <= found.months <= 12
    assert {line.step for line in found.lines} <= {*STEPS, *INCOME_STEPS}
    return found


INCOME_STEPS = {f"income.{step}" for step in ("salary", "pension", "both", "lost_job", "total")}


def test_laws_hold_for_made_up_households() -> None:
    chance = random.Random(2026)
    tried = 0
    while tried < HOUSEHOLDS:
        question = made_up(chance)
        found = lawful(question)
        changed = [richer(question, 100_000)]
        if question.months is not None and question.months < 12:
            changed.append(replace(question, months=question.months + 1))
        for other in changed:
            after = lawful(other)
            if after.reduction_percent == found.reduction_percent:
                assert after.total >= found.total
        tried += 1 + len(changed)


def richer(question: PremiumQuestion, yen: int) -> PremiumQuestion:
    first, *others = question.members
    more = replace(first, income=(first.income or 0) + yen)
    return replace(question, members=(more, *others))


@given(
    incomes=st.lists(st.integers(0, 30_000_000), min_size=1, max_size=5),
    ages=st.lists(st.integers(0, 74), min_size=5, max_size=5),
    area=st.sampled_from(AREAS),
    months=st.integers(1, 11),
    more=st.integers(0, 1_000_000),
)
@settings(deadline=None)
def test_laws(incomes: list[int], ages: list[int], area: str, months: int, more: int) -> None:
    members = [{"age": age, "income": income} for age, income in zip(ages, incomes, strict=False)]
    question = QUESTION.validate_python(
        {"fiscal_year": 2026, "place": area, "members": members, "months": months}
    )
    found = lawful(question)
    assert lawful(replace(question, months=months + 1)).total >= found.total
    after = lawful(richer(question, more))
    if after.reduction_percent == found.reduction_percent:
        assert after.total >= found.total


def test_every_assumption_is_declared() -> None:
    chance = random.Random(1)
    known = {*ASSUMPTIONS, "income.pension_other", "income.lost_job"}
    for _ in range(200):
        found = premium(made_up(chance), TABLES)
        assert {line.step for line in found.assumptions} <= known
        assert len(set(found.assumptions)) == len(found.assumptions)
