"""How the result of a dialog is told, with how it came about; and the way back into one."""

from collections.abc import Iterator

from bot.core.blocks import write_blocks, write_sources
from bot.core.dialogs.answers import Answers, World
from bot.core.dialogs.asking import Row, write_answer
from bot.core.dialogs.calculations import CALCULATIONS, find_for
from bot.core.dialogs.finding import Finding
from bot.core.dialogs.shapes import Dialog, Outcome
from bot.core.effects import OfferResume, ShowOutcome
from bot.core.figures import write_figure
from bot.core.knowledge import COUNTER_LANGUAGE, PERSON
from bot.core.message import Button, Message, Paragraph, Span, spans
from bot.core.shapes import paragraphs
from bot.core.voice import Voice
from bot.core.working import tell_assumption, tell_step


def word_resume(effect: OfferResume, voice: Voice) -> Message:
    """We were at ...: go on, begin again, or leave it."""
    title = voice.dialog_title(effect.dialog)
    return Message(
        paragraphs=(spans(voice.message("dialog.resume", title=title)),),
        buttons=tuple(
            (Button(label=voice.message(f"dialog.{label}"), payload=f"now:{effect.step}:.{move}"),)
            for label, move in (("go_on", "result"), ("again", "again"), ("stop", "stop"))
        ),
        language=voice.language,
    )


def word_outcome(effect: ShowOutcome, place: str | None, voice: Voice) -> Message:
    """The result first, then how it was worked out, what was assumed, and the sources."""
    dialog = voice.knowledge.dialogs[effect.dialog]
    if effect.part == "answers":
        return _word_answers(effect, dialog, voice)
    outcome = dialog.outcomes[effect.outcome]
    speaker = voice
    if effect.part == "japanese":
        speaker = Voice(voice.knowledge, COUNTER_LANGUAGE, voice.today)
    given = dict(effect.given)
    world = World(tables=voice.knowledge.tables, today=voice.today)
    found = find_for(outcome, given, world)
    parts = list(_result(effect, outcome, found, speaker))
    if effect.part == "japanese":
        parts.insert(0, spans(speaker.message("answer.for_the_clerk")))
        parts.append(spans(_all_answers(effect, dialog, speaker)))
    parts += _how(found, speaker)
    asked = next((given[key] for key, one in dialog.questions.items()
                  if one.type == "place" and key in given), None)  # fmt: skip
    here = asked if isinstance(asked, str) else place
    parts += [spans(text) for text in write_blocks(outcome.show, here, speaker)]
    parts += [spans(note) for note in speaker.notes()]
    parts += write_sources((*outcome.sources, *found.sources), speaker)
    return Message(
        paragraphs=tuple(parts),
        buttons=tuple(_outcome_rows(effect, outcome, found, voice)),
        language=speaker.language,
    )


def _result(
    effect: ShowOutcome, outcome: Outcome, found: Finding, voice: Voice
) -> Iterator[Paragraph]:
    context = f"dialogs.{effect.dialog}"
    values = {
        f"result.{name}": text for name, text in _values(outcome, found, dict(effect.given), voice)
    }
    yield (Span(text=voice.text(context, outcome.title.strip(), values), bold=True),)
    first, *others = paragraphs(outcome.text)
    yield spans(voice.text(context, first, values))
    if found.rows:
        told = [f"- {tell_step(row, voice.language, voice.message)}" for row in found.rows]
        yield spans("\n".join(told))
    for text in others:
        yield spans(voice.text(context, text, values))
    for note in found.notes:
        yield spans(voice.text(found.context, note))


def _values(
    outcome: Outcome, found: Finding, given: Answers, voice: Voice
) -> Iterator[tuple[str, str]]:
    """{result.NAME}: "about" where the figures behind it are second-hand."""
    units = CALCULATIONS[outcome.calculate].values if outcome.calculate else {}
    for name, value in found.values:
        written = write_figure(units[name], value, voice.language, voice.message)
        about = not found.official and units[name] == "yen" and name not in given
        yield name, voice.message("figure.about", amount=written) if about else written


def _how(found: Finding, voice: Voice) -> Iterator[Paragraph]:
    for name, lines, tell in (
        ("dialog.how", found.lines, tell_step),
        ("dialog.assumed", found.assumptions, tell_assumption),
    ):
        if lines:
            told = [f"- {tell(line, voice.language, voice.message)}" for line in lines]
            yield spans("\n".join([f"**{voice.message(name)}**", *told]))


def _all_answers(effect: ShowOutcome, dialog: Dialog, voice: Voice) -> str:
    written = [
        "- " + write_answer(effect.dialog, dialog, key, value, voice) for key, value in effect.given
    ]
    return "\n".join([f"**{voice.message('dialog.answers')}**", *written])


def _outcome_rows(
    effect: ShowOutcome, outcome: Outcome, found: Finding, voice: Voice
) -> Iterator[Row]:
    def move(name: str) -> Button:
        payload = f"now:{effect.step}:.{name}"
        return Button(label=voice.message(f"dialog.{name}"), payload=payload)

    if effect.part == "japanese":
        yield (move("result"),)
    for name in outcome.related:
        yield (Button(label=voice.answer_title(name), payload=f"answer:{name}"),)
    for name in outcome.dialogs:
        yield (Button(label=voice.dialog_title(name), payload=f"dialog:{name}"),)
    if any(due.day > voice.today for due in found.dues):
        yield (move("remind"), move("calendar"))
    if effect.part != "japanese" and voice.language != COUNTER_LANGUAGE:
        label = voice.message("button.japanese")
        yield (Button(label=label, payload=f"now:{effect.step}:.japanese"),)
    if effect.given:
        yield (move("answers"), move("again"))
    yield (
        Button(label=voice.message("button.topics"), payload="topics"),
        Button(label=voice.message("button.person"), payload=f"answer:{PERSON}"),
    )


def _word_answers(effect: ShowOutcome, dialog: Dialog, voice: Voice) -> Message:
    """Every answer as a button that asks its question again."""
    rows: list[Row] = [
        (
            Button(
                label=write_answer(effect.dialog, dialog, key, value, voice),
                payload=f"now:{effect.step}:.change:{key}",
            ),
        )
        for key, value in effect.given
    ]
    back = Button(label=voice.message("dialog.result"), payload=f"now:{effect.step}:.result")
    return Message(
        paragraphs=(spans(voice.message("dialog.which")),),
        buttons=(*rows, (back,)),
        language=voice.language,
    )
