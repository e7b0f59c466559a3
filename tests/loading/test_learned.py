"""What was learned from examples is remembered, and never believed when it does not fit."""

import os
from pathlib import Path

import numpy as np
import pytest

from bot.core.matching.model import Example
from bot.loading.learned import cache_folder, fit_or_remember

EXAMPLES = [
    Example(text=text, normal=text, intent=intent)
    for intent, texts in {
        "a": ["how to join", "join the insurance"],
        "b": ["how much is it", "the price of it"],
    }.items()
    for text in texts
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return cache_folder()


def test_the_second_time_it_is_read(folder: Path) -> None:
    first = fit_or_remember(EXAMPLES)
    (file,) = folder.iterdir()
    written = file.stat().st_mtime_ns
    second = fit_or_remember(EXAMPLES)
    assert file.stat().st_mtime_ns == written
    assert first.features == second.features
    assert np.array_equal(first.primal, second.primal)
    assert np.array_equal(first.dual, second.dual)


def test_other_examples_are_learned_anew(folder: Path) -> None:
    fit_or_remember(EXAMPLES)
    fit_or_remember(EXAMPLES[:3])
    assert len(list(folder.iterdir())) == 2


def test_a_broken_file_is_learned_again(folder: Path) -> None:
    fit_or_remember(EXAMPLES)
    (file,) = folder.iterdir()
    file.write_bytes(b"not a model")
    assert fit_or_remember(EXAMPLES).features


def test_a_folder_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert fit_or_remember(EXAMPLES).features


def test_what_is_read_is_kept_longer_than_what_is_not(folder: Path) -> None:
    fit_or_remember(EXAMPLES)
    (read,) = folder.iterdir()
    os.utime(read, (1, 1))
    fit_or_remember(EXAMPLES)
    assert read.stat().st_atime > 1
