"""A saved change is taken up; a broken one is not."""

from datetime import date
from pathlib import Path

import pytest

from bot.loading import Problem
from bot.service.keeper import BadKnowledge, Keeper

TODAY = date(2026, 11, 21)
ENROL = "intents/answers/nhi/enrol.yaml"


def keeper_of(library: Path) -> Keeper:
    return Keeper(library / "intents", library / "translations", "en")


def test_a_good_change_is_taken_up(library: Path) -> None:
    keeper = keeper_of(library)
    told: list[tuple[Problem, ...]] = []
    assert not keeper.refresh(told.append, TODAY)
    path = library / ENROL
    path.write_text(path.read_text("utf-8").replace("title: ", "title: Now: ", 0) + "\n# x\n")
    assert keeper.refresh(told.append, TODAY)
    assert not told


def test_a_broken_change_is_told_once_and_the_last_good_one_stays(library: Path) -> None:
    keeper = keeper_of(library)
    before = keeper.knowledge
    told: list[tuple[Problem, ...]] = []
    good = (library / ENROL).read_text("utf-8")
    (library / ENROL).write_text("titel: x\n")
    assert not keeper.refresh(told.append, TODAY)
    assert not keeper.refresh(told.append, TODAY)
    assert keeper.knowledge is before
    assert len(told) == 1
    assert "titel" in str(told[0][0]) + str(told[0][1])
    (library / ENROL).write_text(good + "# mended\n")
    assert keeper.refresh(told.append, TODAY)


def test_without_any_good_knowledge_there_is_no_start(library: Path) -> None:
    (library / ENROL).write_text("titel: x\n")
    with pytest.raises(BadKnowledge, match=r"enrol\.yaml:1"):
        keeper_of(library)


def test_an_answer_that_no_message_holds_keeps_the_last_good_one(library: Path) -> None:
    keeper = keeper_of(library)
    told: list[tuple[Problem, ...]] = []
    path = library / ENROL
    path.write_text(path.read_text("utf-8").replace("short: |", "short: |\n  " + "word " * 900))
    assert not keeper.refresh(told.append, TODAY)
    assert "one message has 4096" in str(told[0][0])
