"""Every dialog of the knowledge: all ways end, all results can be read, nothing shakes it."""

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.core.dialogs.answers import Value, World
from bot.core.dialogs.paths import ways
from bot.core.dialogs.replay import fits, replay
from bot.core.dialogs.shapes import Dialog, Question
from bot.core.effects import AskQuestion, ShowOutcome
from bot.core.knowledge import Knowledge
from bot.core.wording import word
from bot.loading.library import read_library
from tests.conftest import NOON, ROOT, Resident, payloads

NAMES = sorted(read_library(ROOT / "intents").dialogs)
TODAY = NOON.date()
WALKS = int(os.environ.get("MADOGUCHI_WALKS", "100"))
STEPS = 24
STATES = 400
"""Half-answered dialogs looked at in the walk through concrete answers."""

TYPED = (
    "yes", "no", "1", "2", "３", "34", "1985-03-02", "2026-10-01", "today", "03/04/2026", "R8.4.1",
    "2026-08", "30万", "300,000", "0", "Hino City", "日野市", "blue", "?", "", "🙂", "1 3", "none",
    "how much is it?", "kokuho", "talk to a person", "x" * 300, "はい", "不", "99999999999999",
)  # fmt: skip


def samples(question: Question, world: World) -> list[Value]:
    """Answers of every sort that this question takes."""
    today = world.today
    days = [today - timedelta(days=400), today - timedelta(days=20), today, today + timedelta(30)]
    by_type: dict[str, list[Value]] = {
        "choice": [*question.choices],
        "choices": [(), tuple(question.choices)[:1], tuple(question.choices)],
        "yes_no": ["yes", "no"],
        "number": [0, 1, 2, 30, 200],
        "members": [1, 2],
        "yen": [0, 300_000, 1_100_000, 9_000_000],
        "age": [0, 17, 20, 45, 62, 68, 80, "1990-05-01"],
        "place": ["tokyo_hino", "osaka_osaka", "elsewhere"],
        "date": [day.isoformat() for day in days],
        "month": [f"{day:%Y-%m}" for day in days],
    }
    optional: list[Value] = [None] if question.optional else []
    return [one for one in (*by_type[question.type], *optional) if fits(question, one, world)]


def endings(
    dialog: Dialog, world: World, seed: int
) -> Iterator[tuple[str, tuple[tuple[str, Value], ...]]]:
    """Outcomes that concrete answers lead to: every answer at each place at least now and then."""
    chance = random.Random(seed)
    open_ends: list[dict[str, Value]] = [{}]
    for _ in range(STATES):
        if not open_ends:
            return
        given = open_ends.pop(chance.randrange(len(open_ends)))
        position = replay(dialog, given, world)
        if position.outcome is not None:
            yield position.outcome, position.given
            continue
        assert position.asks is not None
        question = dialog.question(position.asks)
        assert question is not None
        possible = samples(question, world)
        assert possible, position.asks
        picked = chance.sample(possible, min(4, len(possible)))
        open_ends += [{**given, position.asks: one} for one in picked]
        if len(open_ends) > 60:
            del open_ends[chance.randrange(len(open_ends))]


@pytest.mark.parametrize("name", NAMES)
def test_every_way_ends_in_an_outcome(name: str, knowledge: Knowledge) -> None:
    dialog = knowledge.dialogs[name]
    found = list(ways(dialog))
    assert found
    assert all(way.outcome in dialog.outcomes for way in found)
    assert {way.outcome for way in found} == set(dialog.outcomes)


@pytest.mark.parametrize("name", NAMES)
def test_every_result_can_be_read_in_every_language(name: str, knowledge: Knowledge) -> None:
    dialog = knowledge.dialogs[name]
    world = World(tables=knowledge.tables, today=TODAY)
    seen: set[str] = set()
    for outcome, given in endings(dialog, world, seed=7):
        for language in knowledge.languages:
            for part in ("result", "japanese", "answers"):
                effect = ShowOutcome(
                    dialog=name, outcome=outcome, given=given, step=10**9, part=part
                )
                message = word(
                    effect, language=language, place=None, today=TODAY, knowledge=knowledge
                )
                assert message is not None
                assert "{" not in message.text, (outcome, message.text)
                assert all(len(one.encode()) <= 64 for one in payloads(message))
        seen.add(outcome)
    assert len(seen) >= min(3, len(dialog.outcomes)), seen


@pytest.mark.parametrize("name", NAMES)
def test_every_question_can_be_asked_in_every_language(name: str, knowledge: Knowledge) -> None:
    dialog = knowledge.dialogs[name]
    keys = [(key, one) for key, one in dialog.questions.items()]
    for key, question in keys:
        asked = [(key, ())] + [(f"{key}.1.{each}", ((key, 1),)) for each in question.each]
        for full, given in asked:
            for language in knowledge.languages:
                for problem in (None, "wrong", "why"):
                    message = word(
                        AskQuestion(
                            dialog=name,
                            key=full,
                            given=given,
                            ahead=3,
                            step=10**9,
                            problem=problem,
                        ),
                        language=language,
                        place=None,
                        today=TODAY,
                        knowledge=knowledge,
                    )
                    assert message is not None
                    assert "{" not in message.text
                    assert all(len(one.encode()) <= 64 for one in payloads(message))


def fitting(resident: Resident, chance: random.Random) -> tuple[str, ...]:
    """Something typed that answers the current question."""
    run = resident.session.run
    if run is None or run.asks is None or run.dialog not in resident.knowledge.dialogs:
        return ()
    question = resident.knowledge.dialogs[run.dialog].question(run.asks)
    world = World(tables=resident.knowledge.tables, today=resident.now.date())
    known = samples(question, world) if question else []
    if question is None or not known:
        return ()
    value = chance.choice(known)
    return (question.choices.get(value, value) if isinstance(value, str) else str(value),)


@pytest.mark.parametrize("name", NAMES)
def test_random_walks_leave_the_conversation_standing(name: str, knowledge: Knowledge) -> None:
    """Random text, buttons, going back, restarts and other languages: always an answer."""
    chance = random.Random(name)
    ended = 0
    for _ in range(WALKS):
        resident = Resident(knowledge, hint=chance.choice(("en", "ja", "zh-Hans")))
        message = resident.press(f"dialog:{name}")
        for _ in range(STEPS):
            buttons = payloads(message)
            dice = chance.random()
            if dice < 0.35:
                message = resident.say((fitting(resident, chance) or ("1",))[0])
            elif dice < 0.72 and buttons:
                own = [one for one in buttons if one.startswith("now:")] or buttons
                message = resident.press(chance.choice(own if dice < 0.68 else buttons))
            elif dice < 0.92:
                message = resident.say(chance.choice((*TYPED, *fitting(resident, chance))))
            elif dice < 0.95:
                message = resident.press(f"language:{chance.choice(knowledge.languages)}")
            elif dice < 0.97:
                message = resident.command(chance.choice(("start", "help", "reminders")))
            else:
                resident.now += timedelta(hours=chance.choice((1, 13, 30)))
                message = resident.press(f"dialog:{name}")
            assert message.text
            assert message.buttons or message.file or "reminder" in str(resident.reply).lower()
        run = resident.session.run
        ended += run is not None and run.finished
    assert ended > 0


def test_a_result_is_of_its_day(knowledge: Knowledge) -> None:
    """Outside the tables nothing is worked out: the way leads to a person."""
    dialog = knowledge.dialogs["premium_estimate"]
    far = World(tables=knowledge.tables, today=date(2031, 6, 1))
    outcomes = {outcome for outcome, _ in endings(dialog, far, seed=1)}
    assert all(dialog.outcomes[one].calculate is None for one in outcomes), outcomes
