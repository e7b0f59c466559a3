"""The commands, as somebody types them."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT


def run(*arguments: str, cwd: Path = ROOT, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


COMMANDS = (
    "chat",
    "ask",
    "show",
    "run",
    "match",
    "evaluate",
    "check",
    "facts",
    "bench",
    "messages",
    "schemas",
)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_takes_a_configuration(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert "--config" in done.stdout


def test_chat_keeps_its_database_where_the_configuration_says(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        f"content:\n  intents: {ROOT / 'intents'}\ndatabase:\n  url: sqlite:///kept/m.sqlite3\n"
    )
    done = run("chat", "--config", str(config), "--now", "2026-11-21T12:00", text="hello\n")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept" / "m.sqlite3").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chat", "--lang", "xx"), "There is no language xx. Known are: en"),
        (("chat", "--place", "atlantis"), "There is no place atlantis. Known are: "),
        (("show", "nhi.enroll"), "There is no answer nhi.enroll. Did you mean nhi.enrol"),
        (("show", "nhi.enrol", "--on", "yesterday"), "Write it as 2026-11-21"),
        (("evaluate", "gone.jsonl"), "gone.jsonl: the file cannot be read"),
        (("chat", "--config", "gone.yaml"), "gone.yaml:1: The file cannot be opened"),
    ],
)
def test_wrong_calls_are_told_without_a_traceback(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_settings_are_told_with_their_line(tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text("content:\n  intent: x\ndatabase:\n  url: postgres://x\nlanguage: en\n")
    done = run("check", "--config", str(config))
    assert done.returncode == 1
    assert (
        "c.yaml:2: There is no setting content.intent. Did you mean content.intents?" in done.stderr
    )
    assert "c.yaml:4: This version knows SQLite only." in done.stderr
    assert "c.yaml:5: There is no setting language." in done.stderr


def test_match_streams_json_and_goes_on_after_a_bad_line() -> None:
    lines = [
        '{"text": "how do i join national health insurance"}',
        "{",
        '{"text": "督促状", "lang": "ja"}',
    ]
    done = run("match", text="\n".join(lines) + "\n")
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert first["band"] == "answer"
    assert first["intent"] == "nhi.enrol"
    assert len(first["candidates"]) == 3
    assert "error" in second
    assert third["intent"] == "premium.arrears"


def test_facts_lists_every_figure_with_its_source_and_use() -> None:
    rows = list(csv.DictReader(run("facts").stdout.splitlines()))
    report = next(row for row in rows if row["name"] == "deadlines.report")
    assert report["value"] == "14"
    assert "nhi.enrol" in report["used_in"]
    assert all(row["office"] and row["checked"] for row in rows)
    second_hand = list(csv.DictReader(run("facts", "--unofficial").stdout.splitlines()))
    assert 0 < len(second_hand) < len(rows)


def test_run_without_a_token_says_what_to_do() -> None:
    done = run("run")
    assert done.returncode == 2
    assert "@BotFather" in done.stderr


def test_show_prints_the_answer_as_of_a_day() -> None:
    done = run("show", "nhi.high_cost", "--on", "2026-07-01")
    assert "80,100 yen" in done.stdout


def test_ask_explains_itself() -> None:
    done = run("ask", "how do i join kokuho", "--explain")
    assert "n-grams" in done.stdout
    assert "nearest" in done.stdout


def test_check_finds_the_projects_knowledge_in_order() -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1].startswith("0 errors")


def test_the_package_brings_its_own_knowledge(tmp_path: Path) -> None:
    """In a folder without intents/ the copy beside the code is used."""
    done = run("ask", "督促状", cwd=tmp_path)
    assert "premium" in done.stdout or "督促状" in done.stdout


def test_the_readme_and_ci_say_the_same_command() -> None:
    command = (ROOT / ".ci" / "run").read_text().splitlines()[-1]
    assert command in (ROOT / "README.md").read_text("utf-8")


def test_bringing_translations_up_to_date_changes_nothing_that_is(
    library: Path, tmp_path: Path
) -> None:
    """Also of dialogs that extend another one, whose texts stand in that one's file."""
    config = tmp_path / "config.yaml"
    config.write_text(
        f"content:\n  intents: {library / 'intents'}\n  translations: {library / 'translations'}\n"
    )
    before = {one: one.read_text("utf-8") for one in (library / "translations").iterdir()}
    done = run("messages", "--config", str(config))
    assert done.returncode == 0, done.stderr
    assert {one: one.read_text("utf-8") for one in before} == before
