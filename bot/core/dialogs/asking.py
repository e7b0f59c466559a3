"""How a question of a dialog is asked, with its buttons."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.calculators.dated import Unit
from bot.core.dialogs.answers import YES_NO, Value, as_day
from bot.core.dialogs.shapes import Dialog, Question
from bot.core.effects import AskQuestion
from bot.core.figures import write_figure
from bot.core.knowledge import PERSON
from bot.core.message import Button, Message, Paragraph, Span, spans
from bot.core.session import ELSEWHERE
from bot.core.shapes import paragraphs
from bot.core.voice import Voice

Row = tuple[Button, ...]

SHORT_LABEL = 14
"""Letters: buttons with labels no longer than this stand two or three in a row."""

LONG_DIALOG = 3
"""Questions: from here on a dialog says how far it is."""

MONTHS_OFFERED = 4
MARKED, UNMARKED = "☑ ", "☐ "


def word_question(effect: AskQuestion, voice: Voice) -> Message:
    """What was understood, how far we are, the question, what went wrong, and the buttons."""
    dialog = voice.knowledge.dialogs[effect.dialog]
    question = dialog.question(effect.key)
    if question is None:
        raise LookupError(effect.key)
    context = f"dialogs.{effect.dialog}"
    parts: list[Paragraph] = []
    if not effect.given:
        parts.append((Span(text=voice.text(context, dialog.title), bold=True),))
        parts += _told(context, dialog.intro, voice)
    if effect.told is not None:
        parts.append(spans(_understood(effect, dialog, voice)))
    if effect.problem == "wrong":
        wrong = question.wrong or voice.knowledge.messages[f"dialog.wrong.{question.type}"]
        where = context if question.wrong else f"messages.dialog.wrong.{question.type}"
        parts.append(spans(voice.text(where, wrong)))
    if effect.problem == "ambiguous":
        parts.append(spans(voice.message("dialog.ambiguous")))
    parts.append(_heading(effect, dialog, voice))
    if effect.problem == "why":
        parts += _told(context, question.why, voice)
    else:
        parts += _told(context, question.hint, voice)
    return Message(
        paragraphs=tuple(parts),
        buttons=(*_answer_rows(effect, question, voice), *_move_rows(effect, question, voice)),
        language=voice.language,
    )


def _told(context: str, text: str | None, voice: Voice) -> list[Paragraph]:
    return [spans(voice.text(context, part)) for part in paragraphs(text or "")]


def _heading(effect: AskQuestion, dialog: Dialog, voice: Voice) -> Paragraph:
    """Whom it is about, how far we are, and the question itself in bold."""
    question = dialog.question(effect.key)
    asked = len(effect.given)
    lines = []
    name, _, rest = effect.key.partition(".")
    if rest:
        values = {"number": rest.partition(".")[0], "count": str(dict(effect.given)[name])}
        one = dialog.questions[name].one
        you = "dialog.member_you" if values["number"] == "1" else "dialog.member"
        lines.append(
            voice.text(f"dialogs.{effect.dialog}", one, values)
            if one
            else voice.message(you, **values)
        )
    if asked + effect.ahead >= LONG_DIALOG:
        total = str(asked + effect.ahead)
        lines.append(voice.message("dialog.progress", number=str(asked + 1), total=total))
    ask = voice.text(f"dialogs.{effect.dialog}", question.ask.strip() if question else "")
    before = "".join(f"{line}\n" for line in lines)
    return (*spans(before), Span(text=ask, bold=True)) if before else (Span(text=ask, bold=True),)


def _understood(effect: AskQuestion, dialog: Dialog, voice: Voice) -> str:
    key = effect.told or ""
    written = write_answer(effect.dialog, dialog, key, dict(effect.given).get(key), voice)
    return voice.message("dialog.understood", answer=written)


def write_answer(name: str, dialog: Dialog, key: str, value: Value, voice: Voice) -> str:
    """An answer as it reads in a summary: "Period of stay: more than three months"."""
    question = dialog.question(key)
    if question is None:
        return ""
    context = f"dialogs.{name}"
    label = voice.text(context, question.label)
    members, _, rest = key.partition(".")
    if rest:
        number = rest.partition(".")[0]
        whose = voice.text(context, dialog.questions[members].label)
        label = voice.message("dialog.of_member", number=number, label=label, whose=whose)
    return voice.message(
        "dialog.answer", label=label, value=_value(context, question, value, voice)
    )


def _value(context: str, question: Question, value: Value, voice: Voice) -> str:
    match value:
        case None:
            return voice.message("dialog.skipped")
        case tuple():
            if not value:
                return voice.message("dialog.none")
            return " / ".join(voice.text(context, question.choices[one]) for one in value)
        case int():
            unit: Unit = {"yen": "yen", "age": "age"}.get(question.type, "count")  # type: ignore[assignment]
            return write_figure(unit, value, voice.language, voice.message)
    day = as_day(value) if question.type in ("date", "month", "age") else None
    if day is not None:
        unit = "month" if question.type == "month" else "date"
        return write_figure(unit, day, voice.language, voice.message)
    if question.type == "yes_no":
        return voice.message(f"dialog.{value}")
    if question.type == "place":
        place = voice.knowledge.places.get(value)
        return (
            voice.name(f"places.{value}", place.name)
            if place
            else voice.message("button.elsewhere")
        )
    return voice.text(context, question.choices.get(value, value))


def _answer_rows(effect: AskQuestion, question: Question, voice: Voice) -> Iterator[Row]:
    """The answers that can be pressed; several short ones in a row."""
    if effect.problem == "ambiguous":
        options = [(str(one), _value("", question, one, voice)) for one in effect.between]
    else:
        options = list(_options(effect, question, voice))
    widest = max((len(label) for _, label in options), default=0)
    width = 1 if widest > 2 * SHORT_LABEL else 2 if widest > SHORT_LABEL // 2 else 4
    buttons = [Button(label=label, payload=f"now:{effect.step}:{one}") for one, label in options]
    for start in range(0, len(buttons), width):
        yield tuple(buttons[start : start + width])


def _options(effect: AskQuestion, question: Question, voice: Voice) -> Iterator[tuple[str, str]]:
    context = f"dialogs.{effect.dialog}"
    match question.type:
        case "yes_no":
            yield from ((one, voice.message(f"dialog.{one}")) for one in YES_NO)
        case "choice":
            for one, label in question.choices.items():
                yield one, voice.text(context, label)
        case "choices":
            for one, label in question.choices.items():
                mark = MARKED if one in effect.picked else UNMARKED
                yield f".pick:{one}", mark + voice.text(context, label)
            yield ".done", voice.message("dialog.done" if effect.picked else "dialog.none_of_these")
        case "place":
            for name, place in voice.knowledge.municipalities().items():
                yield name, voice.name(f"places.{name}", place.name)
            yield ELSEWHERE, voice.message("button.elsewhere")
        case "date":
            yield from _days_offered(question, voice)
        case "month":
            for month in _months_offered(question, voice.today):
                written = write_figure("month", month, voice.language, voice.message)
                yield f"{month:%Y-%m}", written
        case _:
            for number in question.offer:
                yield str(number), _value(context, question, number, voice)


def _days_offered(question: Question, voice: Voice) -> Iterator[tuple[str, str]]:
    yield voice.today.isoformat(), voice.message("dialog.today")
    if question.lean == "past":
        day = voice.today - timedelta(days=1)
        yield day.isoformat(), voice.message("dialog.yesterday")


def _months_offered(question: Question, today: date) -> Iterator[date]:
    """Months near today, in the order of time."""
    first = {"past": 1 - MONTHS_OFFERED, "future": 0, "near": -1}[question.lean]
    for step in range(first, first + MONTHS_OFFERED):
        count = today.year * 12 + today.month - 1 + step
        yield date(count // 12, count % 12 + 1, 1)


def _move_rows(effect: AskQuestion, question: Question, voice: Voice) -> Iterator[Row]:
    yield tuple(
        Button(label=voice.message(f"dialog.{move}"), payload=f"now:{effect.step}:.{move}")
        for move in question.moves(first=not effect.given)
        if move != "why" or effect.problem != "why"
    )
    if effect.problem == "wrong":
        yield (Button(label=voice.message("button.person"), payload=f"answer:{PERSON}"),)
