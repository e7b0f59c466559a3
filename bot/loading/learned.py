"""Remembers what was learned from examples, so that a restart answers at once.

One file a language in the user's cache folder, named by a hash of everything that it depends on.
A file that cannot be read or written is no error: then it is learned again.
"""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from bot.core.matching import features, model
from bot.core.matching.model import Example, Learned, fit

KEPT = 12
"""Files; the oldest ones beyond are deleted."""


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/madoguchi, or ~/.cache/madoguchi."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "madoguchi"


def fit_or_remember(examples: Sequence[Example]) -> Learned:
    """What `fit` finds, from the cache where it was found before."""
    path = cache_folder() / f"{_digest(examples)}.npz"
    with suppress(OSError, ValueError, KeyError):
        return _read(path)
    learned = fit(examples)
    with suppress(OSError):
        _write(path, learned)
    return learned


def _digest(examples: Sequence[Example]) -> str:
    """A hash of the examples, and of the code and numbers that learn from them."""
    digest = hashlib.sha256(np.__version__.encode())
    for module in (features, model):
        digest.update(Path(str(module.__file__)).read_bytes())
    for example in examples:
        digest.update(f"{example.normal}\0{example.intent}\n".encode())
    return digest.hexdigest()[:32]


def _read(path: Path) -> Learned:
    with np.load(path, allow_pickle=False) as kept:
        return Learned(
            features=tuple(kept["features"].tobytes().decode().split("\n")),
            weights=kept["weights"],
            primal=kept["primal"],
            dual=kept["dual"],
        )


def _write(path: Path, learned: Learned) -> None:
    """Under another name first, so that nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    with beside.open("wb") as file:
        np.savez(
            file,
            features=np.frombuffer("\n".join(learned.features).encode(), np.uint8),
            weights=learned.weights,
            primal=learned.primal,
            dual=learned.dual,
        )
    beside.replace(path)
    old = sorted(path.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime)[:-KEPT]
    for one in old:
        one.unlink(missing_ok=True)
