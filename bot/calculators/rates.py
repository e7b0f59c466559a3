"""The rates of a premium: of a rate area, or as somebody read them on a municipality's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from bot.calculators.dated import STRICT, Portion, Tables
from bot.calculators.ledger import Ledger, NotKnownYet, WrongQuestion

Key = Literal["medical", "elderly_support", "nursing_care_40_64", "child_support"]
CutTo = Literal[1, 10, 100]

CAPS: Mapping[Key, str] = {
    "medical": "levy.cap_medical",
    "elderly_support": "levy.cap_support",
    "nursing_care_40_64": "levy.cap_nursing",
    "child_support": "levy.cap_child",
}
"""The portions in their order -> the figure of the ceiling that holds where none is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Rates of one portion as a municipality publishes them; without `cap` the national one."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    income_percent: Decimal
    per_person: int
    per_household: int = 0
    cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Rates of the portions that are wanted."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    medical: Rate | None = None
    elderly_support: Rate | None = None
    nursing_care_40_64: Rate | None = None
    child_support: Rate | None = None


def rates_of(
    place: str | None, given_rates: Rates | None, day: date, ledger: Ledger
) -> tuple[dict[Key, Portion], CutTo | None, tuple[str, ...]]:
    """Portions, cut and notes of a place, or the given rates. Raises `WrongQuestion`."""
    if (place is None) == (given_rates is None):
        raise WrongQuestion("place: give either place or rates.")
    if given_rates is not None:
        given = {key: getattr(given_rates, key) for key in CAPS}
        if not any(given.values()):
            raise WrongQuestion("rates: no portion is given. Give at least medical.")
        rates = {key: _given(key, rate, day, ledger) for key, rate in given.items() if rate}
        return rates, None, ()
    area = _area(place or "", day, ledger.tables)
    year = ledger.rates(area, day)
    table = ledger.tables.rates[area]
    return (
        {
            "medical": year.medical,
            "elderly_support": year.elderly_support,
            "nursing_care_40_64": year.nursing_care,
            "child_support": year.child_support,
        },
        table.cut_to,
        year.notes,
    )


def _area(place: str, day: date, tables: Tables) -> str:
    if place in tables.places:
        area = tables.places[place].premium_rates
        if area is None:
            raise NotKnownYet(f"premium_rates of {place}", day)
        return area
    if place in tables.rates:
        return place
    known = ", ".join(sorted({*tables.places, *tables.rates}))
    raise WrongQuestion(f"place: {place!r} is not known. Give rates, or one of: {known}.")


def _given(key: Key, rate: Rate, day: date, ledger: Ledger) -> Portion:
    amounts = (rate.income_percent, rate.per_person, rate.per_household, rate.cap or 0)
    if any(amount < 0 for amount in amounts):
        raise WrongQuestion(f"rates.{key}: rates are 0 or more.")
    return Portion(
        income_percent=rate.income_percent,
        per_person=rate.per_person,
        per_household=rate.per_household,
        cap=int(ledger.figure(CAPS[key], day)) if rate.cap is None else rate.cap,
    )
