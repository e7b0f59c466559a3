"""Examples that stand in the wrong place are pointed out, with the line and what to do."""

from pathlib import Path

import numpy as np
import pytest

from bot.core.matching.model import Example, Model, fit, leave_one_out
from bot.loading import load
from bot.loading.confusions import confusions

ENROL = "how to join the national health insurance at city hall"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_leaving_one_out_is_what_learning_without_it_gives() -> None:
    """Head B has no state besides its examples, so the closed form must be exact for it."""
    examples = [
        Example(text=text, normal=text, intent=intent)
        for intent, texts in {
            "join": ["how to join", "join the insurance", "i want to join now"],
            "pay": ["how much is it", "the price of it", "pay how much"],
        }.items()
        for text in texts
    ]
    whole = leave_one_out(examples)
    for row, example in enumerate(examples):
        others = [other for other in examples if other is not example]
        scores = Model(others, fit(others)).score(example.normal, [])
        ngrams = 2 * whole[row] - scores.fuzzy
        assert np.abs(ngrams - scores.ngrams).max() < 0.35  # weights of features shift a little
        assert whole[row].argmax() == (scores.ngrams + scores.fuzzy).argmax()


def test_a_misplaced_example_is_named_with_its_line(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.loading.confusions.MOST_LISTED", 10_000)
    for language in ("ja", "zh-Hans"):
        for file in (library / "intents" / "examples" / language).iterdir():
            file.unlink()
    path = library / "intents" / "examples" / "en" / "nhi.yaml"
    text = path.read_text().replace("nhi.funeral:\n", f"nhi.funeral:\n- {ENROL}\n", 1)
    path.write_text(text)
    line = text[: text.index(ENROL)].count("\n") + 1
    loaded = load(library / "intents", library / "translations")
    assert loaded.knowledge is not None
    notes = [str(note) for note in confusions(loaded.library, loaded.knowledge)]
    assert any("are understood by the others" in note for note in notes)
    (found,) = [note for note in notes if ENROL in note]
    assert found.startswith(f"examples/en/nhi.yaml:{line}: note:")
    assert "Move it to nhi." in found
