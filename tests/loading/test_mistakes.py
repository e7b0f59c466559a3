"""The mistakes that a consultant makes, and what they are told."""

from pathlib import Path

import pytest
import yaml

from bot.loading import load

ENROL = "intents/answers/nhi/enrol.yaml"
MISTAKES = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text("utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["said"][:40])
def test_a_mistake_is_named_with_its_file_and_a_remedy(
    mistake: dict[str, str], library: Path
) -> None:
    file, said = mistake["file"], mistake["said"]
    path = library / file
    text = path.read_text("utf-8")
    assert mistake["before"] in text
    path.write_text(text.replace(mistake["before"], mistake["after"], 1), "utf-8")
    loaded = load(library / "intents", library / "translations")
    assert loaded.knowledge is None
    told = [str(problem) for problem in loaded.errors]
    assert any(said in line for line in told), told
    assert any(line.startswith(file.removeprefix("intents/") + ":") for line in told) or (
        "messages.yaml" in file
    )


def test_all_mistakes_are_told_at_once(library: Path) -> None:
    (library / ENROL).write_text("titel: x\n", "utf-8")
    (library / "intents/answers/nhi/about.yaml").write_text("a: [\n", "utf-8")
    (library / "intents/notes.yaml").write_text("a: 1\n", "utf-8")
    loaded = load(library / "intents", library / "translations")
    files = {problem.file for problem in loaded.errors}
    assert files == {"answers/nhi/enrol.yaml", "answers/nhi/about.yaml", "notes.yaml"}


def test_a_gap_between_values_is_a_warning_only(library: Path) -> None:
    """A gap may be true: then the bot says that it does not know."""
    path = library / "intents/tables/high_cost.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("until: 2026-07-31", "until: 2026-06-30"), "utf-8")
    loaded = load(library / "intents", library / "translations")
    assert loaded.knowledge is not None
    assert any("gap after 2026-06-30" in problem.what for problem in loaded.problems)


def test_a_lost_placeholder_in_a_translation_is_an_error(library: Path) -> None:
    path = library / "translations" / "ja.po"
    text = path.read_text("utf-8")
    number = text.count("\n", 0, text.index('msgstr "{amount}円"')) + 1
    path.write_text(text.replace('msgstr "{amount}円"', 'msgstr "円"'), "utf-8")
    loaded = load(library / "intents", library / "translations")
    told = [str(problem) for problem in loaded.errors]
    assert told
    assert told[0].startswith("ja.po:")
    assert "{amount} is not in both" in told[0]
    assert abs(int(told[0].split(":")[1]) - number) <= 3


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    loaded = load(tmp_path, tmp_path)
    assert loaded.knowledge is None
    assert loaded.errors
