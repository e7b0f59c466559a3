"""How reminders are worded, and the calendar file of a result."""

from datetime import date

from bot.calculators.ledger import Line
from bot.core.dialogs.answers import World
from bot.core.dialogs.asking import MARKED, UNMARKED
from bot.core.dialogs.calculations import find_for
from bot.core.dialogs.calendar_file import calendar_file
from bot.core.effects import ConfirmReminders, GiveCalendar, ListReminders, Remind
from bot.core.figures import write_figure
from bot.core.knowledge import PERSON
from bot.core.message import Button, File, Message, spans
from bot.core.reminders import DAYS_BEFORE
from bot.core.voice import Voice
from bot.core.working import tell_step

PREMIUM, CANNOT_PAY = "premium", "cannot_pay"
"""The subject that has a way out for who cannot pay, and the dialog that is it."""


def _what(subject: str, day: date, yen: int | None, voice: Voice) -> str:
    """What has to be done by a day: "by 30 November 2026: pay your premium, 12,300 yen"."""
    name = "row.premium_amount" if subject == PREMIUM and yen is not None else f"row.{subject}"
    line = Line(step=name, values=(("day", day),), yen=yen)
    return tell_step(line, voice.language, voice.message)


def word_confirmation(effect: ConfirmReminders, voice: Voice) -> Message:
    """The days, and a button for each number of days before."""
    days = "\n".join(f"- {voice.date(date.fromisoformat(day))}" for day in effect.days)
    said = "reminder.set" if effect.days else "reminder.none"
    rows = []
    for before in DAYS_BEFORE:
        chosen = set(effect.before) ^ {before}
        wanted = ",".join(str(one) for one in DAYS_BEFORE if one in chosen) or "none"
        mark = MARKED if before in effect.before else UNMARKED
        payload = f"now:{effect.step}:.remind:{wanted}"
        rows.append((Button(label=mark + _before(before, voice), payload=payload),))
    back = Button(label=voice.message("dialog.result"), payload=f"now:{effect.step}:.result")
    text = voice.message(said)
    return Message(
        paragraphs=tuple(spans(part) for part in ((text, days) if days else (text,))),
        buttons=(*rows, (back,)),
        language=voice.language,
    )


def _before(days: int, voice: Voice) -> str:
    if days == 0:
        return voice.message("reminder.same_day")
    return voice.message("reminder.before", days=_days(days, voice))


def _days(days: int, voice: Voice) -> str:
    return write_figure("days", days, voice.language, voice.message)


def word_list(effect: ListReminders, voice: Voice) -> Message:
    """Every reminder, with a button that removes it."""
    rows = []
    for one in effect.reminders:
        what = _what(one.subject, date.fromisoformat(one.day), one.yen, voice)
        label = voice.message("reminder.remove", what=what)
        rows.append((Button(label=label, payload=f"unremind:{one.day}:{one.subject}"),))
    text = voice.message("reminder.list" if rows else "reminder.empty")
    return Message(paragraphs=(spans(text),), buttons=tuple(rows), language=voice.language)


def word_reminder(effect: Remind, voice: Voice) -> Message:
    """The reminder itself, with the ways out: cannot pay, a person, no more of these."""
    reminder, left = effect.reminder, effect.days_left
    day = date.fromisoformat(reminder.day)
    what = _what(reminder.subject, day, reminder.yen, voice)
    if left > 0:
        text = voice.message("reminder.ahead", days=_days(left, voice), what=what)
    else:
        text = voice.message("reminder.today" if left == 0 else "reminder.past", what=what)
    parts = [spans(text)]
    place = voice.knowledge.places.get(reminder.place or "")
    if place is not None:
        parts.append(spans(voice.name(f"places.{reminder.place}", place.name)))
    rows = []
    if reminder.subject == PREMIUM and CANNOT_PAY in voice.knowledge.dialogs:
        label = voice.message("reminder.cannot_pay")
        rows.append((Button(label=label, payload=f"dialog:{CANNOT_PAY}"),))
    rows.append((Button(label=voice.message("button.person"), payload=f"answer:{PERSON}"),))
    stop = Button(
        label=voice.message("reminder.stop"), payload=f"unremind:{reminder.day}:{reminder.subject}"
    )
    return Message(paragraphs=tuple(parts), buttons=(*rows, (stop,)), language=voice.language)


def word_calendar(effect: GiveCalendar, voice: Voice) -> Message:
    """The days of a result that are still ahead, as a file."""
    outcome = voice.knowledge.dialogs[effect.dialog].outcomes[effect.outcome]
    world = World(tables=voice.knowledge.tables, today=voice.today)
    days = [
        (due.day, _what(due.subject, due.day, due.yen, voice))
        for due in find_for(outcome, dict(effect.given), world).dues
        if due.day >= voice.today
    ]
    content = calendar_file(days, effect.dialog, voice.today)
    return Message(
        paragraphs=(spans(voice.message("dialog.calendar_file")),),
        language=voice.language,
        file=File(name=f"{effect.dialog}.ics", content=content),
    )
