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


def test_a_file_that_an_editor_leaves_beside_is_none_of_ours(library: Path) -> None:
    """Emacs links its lock to nowhere; others keep copies with a dot."""
    (library / "intents/.#messages.yaml").symlink_to("nobody@nowhere.1")
    (library / "translations/.#ja.po").symlink_to("nobody@nowhere.1")
    (library / "intents/answers/nhi/.enrol.yaml").write_text("half a")
    keeper = keeper_of(library)
    assert not keeper.refresh(lambda problems: None, TODAY)


@pytest.mark.parametrize(
    ("name", "content", "told_part"),
    [
        ("intents/places/folder.yaml", None, "The file cannot be read"),
        ("intents/places/huge.yaml", b"a: " + b"1" * 5000, "huge.yaml"),
        ("translations/xx.po", b"", "xx is no language"),
        ("translations/ja.po", b"", "it is empty"),
        ("translations/ja.po", b"\xff\xfe", "ja.po"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told(
    name: str, content: bytes | None, told_part: str, library: Path
) -> None:
    keeper = keeper_of(library)
    told: list[tuple[Problem, ...]] = []
    if content is None:
        (library / name).mkdir()
        (library / name / "x").touch()
    else:
        (library / name).write_bytes(content)
    keeper.refresh(told.append, TODAY)
    assert told_part in "".join(str(problem) for problem in told[0])
