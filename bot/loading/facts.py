"""Every figure that the bot knows: value, dates, source, official or not, and where it is used."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from bot.calculators.dated import Dated, Figure, RateTable
from bot.core.blocks import PORTIONS
from bot.core.figures import PLACEHOLDER
from bot.core.shapes import Answer, Place
from bot.loading.library import Library
from bot.loading.texts import translatable


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One value of one figure, as a row of the table of facts."""

    name: str
    value: str
    unit: str
    first: str
    last: str
    official: bool
    office: str
    page: str
    checked: str
    used_in: tuple[str, ...]


def facts(library: Library) -> Iterator[Fact]:
    """All figures, then all premium rates, in the order of their names."""
    used = _uses(library)
    for name, entry in sorted(library.figures.items()):
        figure: Figure = entry.value
        for dated in figure.values:
            yield _fact(name, str(dated.value), figure.unit, dated, tuple(sorted(used[name])))
    for name, entry in sorted(library.rates.items()):
        table: RateTable = entry.value
        places = tuple(
            key for key, place in library.places.items() if place.value.premium_rates == name
        )
        for year in table.years:
            for portion in PORTIONS:
                rate = getattr(year, portion)
                value = (
                    f"{rate.income_percent}% + {rate.per_person} a person + "
                    f"{rate.per_household} a household, at most {rate.cap}"
                )
                yield _fact(f"premium_rates.{name}.{portion}", value, "rates", year, places)


def _fact(name: str, value: str, unit: str, dated: Dated, used: tuple[str, ...]) -> Fact:
    source = dated.source
    return Fact(
        name=name,
        value=value,
        unit=unit,
        first=str(dated.from_),
        last=str(dated.until or ""),
        official=source.official,
        office=source.office,
        page=source.url or source.document or "",
        checked=str(source.checked),
        used_in=used,
    )


def _uses(library: Library) -> defaultdict[str, set[str]]:
    """Figure -> the contexts of the texts that name it, and the answers and places that show it."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    for text in translatable(library):
        for name in PLACEHOLDER.findall(text.english):
            used[name].add(text.context)
    for name, entry in library.answers.items():
        answer: Answer = entry.value
        for block in answer.show:
            used[block].add(name)
    for name, entry in library.places.items():
        place: Place = entry.value
        for line in place.advice_lines:
            used[f"phones.{line}"].add(f"places.{name}")
    return used
