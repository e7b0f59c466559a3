"""Values that hold from one day until another."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.calculators.dated import DatedValue, Figure, Source, gaps_and_overlaps

SOURCE = Source(office="Hino City", checked=date(2026, 11, 21), document="test")


def value(first: str, last: str | None, amount: int) -> DatedValue:
    until = date.fromisoformat(last) if last else None
    return DatedValue(from_=date.fromisoformat(first), until=until, value=amount, source=SOURCE)


CEILING = Figure(
    unit="yen",
    values=(value("2024-04-01", "2026-07-31", 80_100), value("2026-08-01", "2027-07-31", 85_800)),
)


def test_first_and_last_day_belong_to_the_value() -> None:
    days = {"2026-07-31": 80_100, "2026-08-01": 85_800, "2027-07-31": 85_800}
    for day, amount in days.items():
        found = CEILING.on(date.fromisoformat(day))
        assert found is not None
        assert found.value == amount


@given(st.dates(min_value=date(2027, 8, 1)))
def test_no_old_value_stands_in_for_an_unknown_one(day: date) -> None:
    assert CEILING.on(day) is None


def test_gaps_overlaps_and_backward_values_are_found() -> None:
    wrong = gaps_and_overlaps(
        (
            value("2020-01-01", "2020-12-31", 1),
            value("2020-12-31", "2021-12-31", 2),
            value("2022-02-01", None, 3),
            value("2030-01-02", "2030-01-01", 4),
        )
    )
    said = [text for _, text in wrong]
    assert said[0].startswith("overlaps")
    assert said[1].startswith("leaves a gap after 2021-12-31")
    assert said[2].startswith("ends on 2030-01-01, before")
    assert said[3].startswith("overlaps")
