"""The commands that show dialogs and work amounts out."""

import io
import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.loading.calculating import CALCULATORS


def test_draw_paths_and_play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dialogs", "draw", "premium_due"]) == 0
    assert capsys.readouterr().out.startswith("flowchart TD")
    assert main(["dialogs", "draw", "premium_due", "--html"]) == 0
    assert "<!doctype html>" in capsys.readouterr().out
    assert main(["dialogs", "paths", "premium_due"]) == 0
    assert capsys.readouterr().out.startswith("way,asked,decided,outcome,title")
    answers = tmp_path / "answers.yaml"
    answers.write_text("place: Hino City\nyear: current\namount: 12万\n", "utf-8")
    call = ["dialogs", "play", "premium_due", "--answers", str(answers), "--on", "2026-11-22"]
    assert main(call) == 0
    assert "31 July 2026, 13,360 yen" in capsys.readouterr().out


def test_a_wrong_answer_in_the_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("place: Atlantis\n", "utf-8")
    assert main(["dialogs", "play", "premium_due", "--answers", str(answers)]) != 0
    assert "place: 'Atlantis' is no answer" in capsys.readouterr().err


def test_an_unknown_dialog_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dialogs", "paths", "premium_deu"]) != 0
    assert "Did you mean premium_due?" in capsys.readouterr().err


@pytest.mark.parametrize("name", CALCULATORS)
def test_every_calculator_shows_its_schema(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", name, "--schema"]) == 0
    both = json.loads(capsys.readouterr().out)
    assert set(both) == {"question", "result"}


QUESTIONS = {
    "premium": '{"fiscal_year": 2026, "place": "tokyo_hino", "members": [{"age": 30}]}',
    "bill": '{"fiscal_year": 2026, "place": "tokyo_hino", "members": [{"age": 30}], "billed": 1}',
    "due-dates": '{"fiscal_year": 2026, "place": "tokyo_hino", "amount": 120000}',
    "high-cost": '{"month": "2026-08", "age": 45, "band": "c", "bills": '
    '[{"person": 1, "inpatient": true, "total_cost": 1000000}]}',
    "pension": '{"system": "national", "months": 20, "last_month": "2026-05"}',
    "deadline": '{"kind": "report", "event": "2026-12-01", "today": "2026-12-02"}',
}
EXPECTED = {
    "premium": ("total", 14_634),
    "bill": ("verdict", "off"),
    "due-dates": ("total", 120_000),
    "high-cost": ("refund", 207_060),
    "pension": ("amount", 161_280),
    "deadline": ("last_day", "2026-12-15"),
}


@pytest.mark.parametrize("name", CALCULATORS)
def test_every_calculator_answers_json(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(QUESTIONS[name]))
    assert main(["calculate", name]) == 0
    answer = json.loads(capsys.readouterr().out)
    key, value = EXPECTED[name]
    assert answer[key] == value
    assert answer["lines"]
    assert all("{" not in line["text"] for line in answer["lines"])
    assert all(isinstance(one, str) for one in answer["assumptions"])
