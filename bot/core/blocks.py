"""What follows an answer from the resident's place: counters, rates, instalments, phones."""

from collections.abc import Callable, Sequence

from babel.lists import format_list

from bot.calculators.dated import Portion, Source
from bot.core.figures import locale_of, write_figure
from bot.core.message import Paragraph, Span
from bot.core.session import ELSEWHERE
from bot.core.shapes import Counter, Place, offices
from bot.core.voice import Voice

LAST_INSTALMENT = 3
"""March: the fiscal year ends."""

PORTIONS = ("medical", "elderly_support", "nursing_care", "child_support")


def needs_place(block: str) -> bool:
    """Whether a block says something else in every municipality."""
    return not block.startswith("phones.") and block != "papers"


def write_blocks(show: tuple[str, ...], place_id: str | None, voice: Voice) -> list[str]:
    """The blocks of an answer as paragraphs; without a place, how to find one's own counter."""
    knowledge = voice.knowledge
    place = knowledge.places.get(place_id or "")
    written: list[str] = []
    for block in show:
        kind, _, name = block.partition(".")
        if kind == "phones":
            written.append(phone_line(block, voice))
        elif place is not None and place_id is not None and kind in _WRITERS:
            written += _WRITERS[kind](place_id, place, name, voice)
    if place is not None and any(block.startswith("counter.") for block in show):
        written += [voice.text(f"places.{place_id}", note) for note in place.notes]
    if place_id == ELSEWHERE and any(needs_place(block) for block in show):
        written.append(voice.message("block.elsewhere"))
    return written


def phone_line(name: str, voice: Voice) -> str:
    """One telephone number with its office, hours, languages and note."""
    figure = voice.knowledge.figures[name]
    label = voice.text(name, figure.label or name)
    lines = [voice.message("block.line", name=label, phone=voice.figure(name))]
    if figure.hours:
        lines.append(voice.text(name, figure.hours))
    if figure.languages:
        lines.append(_language_names(figure.languages, voice.language))
    if figure.note:
        lines.append(voice.text(name, figure.note))
    return "\n".join(lines)


def _language_names(languages: tuple[str, ...], language: str) -> str:
    here = locale_of(language)
    names = [str(here.languages.get(tag.replace("-", "_")) or tag) for tag in languages]
    return str(format_list(names, style="standard", locale=here))


def _counter(place_id: str, place: Place, subject: str, voice: Voice) -> list[str]:
    counter = place.counter(subject)
    return [counter_text(place_id, place, counter, voice)] if counter else []


def counter_text(place_id: str, place: Place, counter: Counter, voice: Voice) -> str:
    """Name, address, telephone and hours of a counter, as far as they are known."""
    context = f"places.{place_id}"
    place_name = voice.name(context, place.name)
    lines = [f"**{voice.message('block.counter')}** {place_name}"]
    lines.append(voice.name(context, counter.name))
    if counter.address:
        lines.append(voice.name(context, counter.address))
    if counter.phone:
        lines.append(voice.message("block.phone", phone=counter.phone))
    lines += [
        "- " + voice.message("block.line", name=voice.name(context, one.name), phone=one.phone)
        for one in counter.branches
    ]
    if counter.hours:
        lines.append(voice.text(context, counter.hours))
    if counter.note:
        lines.append(voice.text(context, counter.note))
    seen = voice.message(
        "block.seen",
        office=voice.text("offices", counter.source.office),
        date=voice.date(counter.source.checked),
    )
    dated = counter.phone or counter.branches or counter.hours
    return "\n".join([*lines, seen] if dated else lines)


def _rates(place_id: str, place: Place, _: str, voice: Voice) -> list[str]:
    table = voice.knowledge.rates.get(place.premium_rates or "")
    if table is None:
        return []
    year = table.on(voice.today)
    place_name = voice.name(f"places.{place_id}", place.name)
    if year is None:
        return [voice.message("block.rates_unknown", place=place_name)]
    lines = [voice.message("block.rates", place=place_name, year=str(year.from_.year))]
    for portion in PORTIONS:
        values: Portion = getattr(year, portion)
        name = voice.message(f"portion.{portion}")
        lines.append("- " + voice.message("portion", name=name, amount=_portion(values, voice)))
    written = "\n".join(lines)
    return [written if year.source.official else f"{written}\n{voice.message('block.rates_about')}"]


def _portion(portion: Portion, voice: Voice) -> str:
    percent = write_figure("percent", portion.income_percent, voice.language, voice.message)
    parts = [voice.message("portion.income", percent=percent)]
    for name in ("per_person", "per_household"):
        amount = getattr(portion, name)
        if amount:
            yen = write_figure("yen", amount, voice.language, voice.message)
            parts.append(voice.message(f"portion.{name}", amount=yen))
    cap = write_figure("yen", portion.cap, voice.language, voice.message)
    return " + ".join(parts) + " " + voice.message("portion.cap", amount=cap)


def _instalments(place_id: str, place: Place, _: str, voice: Voice) -> list[str]:
    instalments = place.instalments
    if instalments is None:
        return []
    written = voice.message(
        "block.instalments",
        place=voice.name(f"places.{place_id}", place.name),
        count=voice.about(str(instalments.count), instalments.source),
        first=_month(instalments.first_month, voice.language),
        last=_month(LAST_INSTALMENT, voice.language),
    )
    return [f"{written}\n{voice.text(f'places.{place_id}', instalments.rule)}"]


def _month(number: int, language: str) -> str:
    return str(locale_of(language).months["stand-alone"]["wide"][number])


def _ways_to_pay(place_id: str, place: Place, _: str, voice: Voice) -> list[str]:
    if place.ways_to_pay is None:
        return []
    lines = [voice.message("block.ways_to_pay", place=voice.name(f"places.{place_id}", place.name))]
    lines += [f"- {voice.message(f'way.{way}')}" for way in place.ways_to_pay.ways]
    if place.ways_to_pay.note:
        lines.append(voice.text(f"places.{place_id}", place.ways_to_pay.note))
    return ["\n".join(lines)]


def _advice_lines(_: str, place: Place, __: str, voice: Voice) -> list[str]:
    return [phone_line(f"phones.{line}", voice) for line in place.advice_lines]


def _support(_: str, place: Place, __: str, voice: Voice) -> list[str]:
    centres = [(name, voice.knowledge.places[name]) for name in place.support]
    return [counter_text(name, centre, centre.counters["main"], voice) for name, centre in centres]


Writer = Callable[[str, Place, str, Voice], list[str]]
_WRITERS: dict[str, Writer] = {
    "counter": _counter,
    "rates": _rates,
    "instalments": _instalments,
    "ways_to_pay": _ways_to_pay,
    "advice_lines": _advice_lines,
    "support": _support,
}


def write_sources(sources: Sequence[Source], voice: Voice) -> list[Paragraph]:
    """The official sources by office and the day on which they were looked at."""
    known = offices(sources)
    if not known:
        return []
    line = [Span(text=voice.message("answer.sources"))]
    for source in known:
        office, day = voice.text("offices", source.office), voice.date(source.checked)
        named = voice.message("answer.source", office=office, date=day)
        line += [Span(text="\n• "), Span(text=named, link=source.url)]
    return [tuple(line)]
