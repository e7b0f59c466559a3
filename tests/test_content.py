"""Rules for everything that residents read."""

import re
from collections import deque
from datetime import date
from typing import Any

import pytest
import yaml

from bot.core.figures import PLACEHOLDER
from bot.core.knowledge import PERSON, Knowledge
from bot.core.matching.normal import normalise
from bot.core.sentences import SENTENCES
from bot.core.shapes import paragraphs
from bot.loading.library import read_library
from bot.loading.texts import translatable
from tests.conftest import ROOT, Resident, payloads

TODAY = date(2026, 11, 22)
SUBJECTS = ("nhi", "premium", "pension", "employee", "kyosai", "elderly", "medical", "office")
REQUIRED = re.findall(
    r"^([a-z_]+\.[a-z_]+):", (ROOT / "tests" / "topics.txt").read_text("utf-8"), re.MULTILINE
)

SEED_FACTS = yaml.safe_load((ROOT / "tests" / "seed_facts.yaml").read_text("utf-8"))
CORRECTIONS = yaml.safe_load((ROOT / "tests" / "corrections.yaml").read_text("utf-8"))
SEEDS = {
    "hino-city-2018",
    "hokkaido-guide-2025-zh",
    "ipmu-kyosai",
    "kumamoto-faq",
    "nhi-guide-blog",
}

COUNTING = re.compile(
    r"\b\d{2,4}-\d{2,4}-\d{3,4}\b|\b0\d{9,10}\b|\d[\d,]*\s*(yen|円|%|percent)"
    r"|\b\d+ (days|months|years)\b"
)
"""Telephone numbers, amounts, rates and day counts: they belong in tables."""


def test_every_topic_of_the_first_plan_has_an_answer(knowledge: Knowledge) -> None:
    assert set(REQUIRED) <= set(knowledge.answers)
    assert len(REQUIRED) == 54


def test_no_figure_stands_in_running_text(knowledge: Knowledge) -> None:
    for name, answer in knowledge.answers.items():
        text = f"{answer.title}\n{answer.short}\n{answer.more or ''}"
        found = COUNTING.search(PLACEHOLDER.sub("", text))
        assert found is None, f"{name}: {found}"


def test_no_figure_stands_in_the_text_of_a_dialog() -> None:
    for text in translatable(read_library(ROOT / "intents")):
        if text.context.startswith("dialogs."):
            found = COUNTING.search(PLACEHOLDER.sub("", text.english))
            assert found is None, f"{text.file}:{text.line}: {found}"


def test_residents_see_offices_and_dates_never_blogs(knowledge: Knowledge) -> None:
    for name, answer in knowledge.answers.items():
        if name.split(".")[0] in SUBJECTS:
            assert answer.sources, name
        for source in answer.sources:
            assert not re.search(r"blog|news|wiki|livedoor|github", source.url or "", re.I), name


def test_every_official_address_names_its_source(knowledge: Knowledge) -> None:
    for name, figure in knowledge.figures.items():
        for dated in figure.values:
            assert dated.source.office, name
            assert dated.source.checked <= TODAY, name


def test_a_short_answer_fits_one_screen(knowledge: Knowledge) -> None:
    for name, answer in knowledge.answers.items():
        assert len(answer.short) <= 900, name
        assert paragraphs(answer.short), name


def test_from_any_answer_any_other_is_five_presses_away(knowledge: Knowledge) -> None:
    """No dead end: buttons alone lead everywhere."""
    reached: dict[str, set[str]] = {}

    def next_steps(payload: str) -> set[str]:
        if payload not in reached:
            resident = Resident(knowledge)
            resident.press(payload)
            assert resident.reply is not None
            reached[payload] = {
                one for message in resident.reply.messages for one in payloads(message)
            }
        return reached[payload]

    listed = {f"answer:{name}" for topic in knowledge.topics.values() for name in topic.answers}
    for start in (f"answer:{name}" for name in knowledge.answers):
        steps = {start: 0}
        queue = deque([start])
        while queue:
            here = queue.popleft()
            if steps[here] < 5:
                for payload in next_steps(here) - steps.keys():
                    steps[payload] = steps[here] + 1
                    queue.append(payload)
        assert listed <= steps.keys(), start


def test_every_button_works_in_every_language(knowledge: Knowledge) -> None:
    for language in knowledge.languages:
        resident = Resident(knowledge)
        resident.press(f"language:{language}")
        for name in knowledge.answers:
            for payload in payloads(resident.press(f"answer:{name}")):
                assert len(payload.encode()) <= 64
                assert resident.press(payload).paragraphs


def test_every_answer_leads_to_a_person(knowledge: Knowledge) -> None:
    resident = Resident(knowledge)
    for name in knowledge.answers:
        assert f"answer:{PERSON}" in payloads(resident.press(f"answer:{name}"))


def test_show_in_japanese_has_the_same_figures(knowledge: Knowledge) -> None:
    """The clerk reads the same amounts, days and telephone numbers as the resident."""
    resident = Resident(knowledge)
    shown = 0
    for name, answer in knowledge.answers.items():
        here = resident.press(f"answer:{name}")
        if f"japanese:{name}" not in payloads(here):
            continue
        there = resident.press(f"japanese:{name}")
        shown += 1
        assert there.language == "ja"
        figures = PLACEHOLDER.findall(answer.short)
        numbers = sorted(re.findall(r"\d+(?:,\d{3})*", here.text.split("Sources:")[0]))
        assert there.text.count("{") == 0
        for number in set(numbers):
            if figures and len(number) > 1:
                assert number in there.text, (name, number)
    assert shown >= 10


def test_the_code_says_every_sentence_that_the_file_has() -> None:
    code = "\n".join(
        path.read_text("utf-8")
        for path in (ROOT / "bot").rglob("*.py")
        if path.name != "sentences.py"
    )
    for name in SENTENCES:
        prefix, *others = name.split(".")
        begun = [".".join((prefix, *others[:count])) for count in range(len(others) or 1)]
        spelled = [f"{quote}{name}{quote}" for quote in "\"'"]
        spelled += [f"f{quote}{one}.{{" for quote in "\"'" for one in begun]
        steps = [f'"{name.partition(".")[2]}":'] if prefix in ("step", "assume") else []
        assert any(spelling in code for spelling in (*spelled, *steps)), name


def test_examples_are_not_repeated_in_another_intent(knowledge: Knowledge) -> None:
    for language, by_intent in knowledge.examples.items():
        owner: dict[str, str] = {}
        for intent, texts in by_intent.items():
            for text in texts:
                assert owner.setdefault(normalise(text), intent) == intent, (language, text)


def test_every_text_has_a_context_and_a_line() -> None:
    texts = list(translatable(read_library(ROOT / "intents")))
    assert len(texts) > 500
    assert all(text.context and text.line >= 1 for text in texts)


@pytest.mark.parametrize(
    "place",
    ["tokyo_hino", "kumamoto_kumamoto", "hokkaido_sapporo", "tokyo_bunkyo", "chiba_kashiwa"],
)
def test_every_place_has_counter_rates_instalments_and_ways_to_pay(
    place: str, knowledge: Knowledge
) -> None:
    resident = Resident(knowledge)
    resident.press(f"place:{place}")
    assert "%" in resident.press("answer:premium.calculation").text
    assert "payments, from" in resident.press("answer:premium.due_dates").text
    assert "Ways to pay" in resident.press("answer:premium.payment_methods").text


def whole_answer(resident: Resident, intent: str) -> str:
    """Everything that a resident can read of an answer."""
    short = resident.press(f"answer:{intent}").text
    return short + "\n" + resident.press(f"more:{intent}").text


@pytest.mark.parametrize("seed", sorted(SEEDS))
def test_every_fact_of_the_source_documents_is_answered(seed: str, knowledge: Knowledge) -> None:
    """Or its correction; and what must not be repeated is not."""
    facts = [fact for fact in SEED_FACTS if fact["seed"] == seed]
    assert len(facts) > 20
    for fact in facts:
        resident = Resident(knowledge)
        if "place" in fact:
            resident.press(f"place:{fact['place']}")
        text = whole_answer(resident, fact["intent"])
        for said in fact["says"]:
            assert (said in text) is not fact.get("never", False), (fact["fact"], said)


@pytest.mark.parametrize("case", CORRECTIONS, ids=lambda case: str(case["correction"]))
def test_a_corrected_fact_is_found_by_asking(case: dict[str, Any], knowledge: Knowledge) -> None:
    """The question finds the answer, and it has the value of today, not that of the document."""
    resident = Resident(knowledge)
    resident.say(case["ask"])
    assert resident.reply is not None
    ranking = resident.reply.turn.ranking
    assert ranking is not None
    assert case["intent"] in [one.intent for one in ranking.candidates]
    text = whole_answer(resident, case["intent"])
    assert all(said in text for said in case["says"])
    assert not any(never in text for never in case.get("never", ()))
