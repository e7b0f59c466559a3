"""Remembers what was learned from examples, so that a restart answers at once.

One file a model in the user's cache folder, named by a hash of everything that it depends on.
A file that cannot be read or written is no error: then it is learned again.
"""

import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from bot.core.matching import Matcher, features, meaning, model
from bot.core.matching.meaning import LearnedMeaning, Meaning, Space, fit_meaning
from bot.core.matching.model import Example, Learned, Matrix, fit, leave_one_out

KEPT = 12
"""Files; those beyond that were longest not read are deleted."""


def cache_folder() -> Path:
    """$XDG_CACHE_HOME/madoguchi, or ~/.cache/madoguchi."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "madoguchi"


def fit_or_remember(examples: Sequence[Example]) -> Learned:
    """What `fit` finds, from the cache where it was found before."""
    path = cache_folder() / f"{_digest(examples)}.npz"
    with suppress(OSError, ValueError, KeyError):
        kept = _read(path)
        return Learned(
            features=tuple(kept["features"].tobytes().decode().split("\n")),
            weights=kept["weights"],
            primal=kept["primal"],
            dual=kept["dual"],
        )
    learned = fit(examples)
    with suppress(OSError):
        _write(
            path,
            features=np.frombuffer("\n".join(learned.features).encode(), np.uint8),
            weights=learned.weights,
            primal=learned.primal,
            dual=learned.dual,
        )
    return learned


def leave_one_out_or_remember(examples: Sequence[Example]) -> Matrix:
    """What `leave_one_out` finds, from the cache where it was found before."""
    path = cache_folder() / f"without-{_digest(examples)}.npz"
    with suppress(OSError, ValueError, KeyError):
        return np.asarray(_read(path)["scores"], np.float32)
    scores = leave_one_out(examples)
    with suppress(OSError):
        _write(path, scores=scores.astype(np.float16))
    return scores


def _digest(examples: Sequence[Example]) -> str:
    """A hash of the examples, and of the code and numbers that learn from them."""
    digest = hashlib.sha256(np.__version__.encode())
    for module in (features, model):
        digest.update(Path(str(module.__file__)).read_bytes())
    for example in examples:
        digest.update(f"{example.normal}\0{example.intent}\n".encode())
    return digest.hexdigest()[:32]


def _read(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a file, which counts as the latest from then on."""
    with np.load(path, allow_pickle=False) as kept:
        arrays = dict(kept)
    os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    return arrays


def _last_read(path: Path) -> float:
    """Set by ourselves, since many file systems do not keep it."""
    return path.stat().st_atime


def _write(path: Path, **arrays: np.ndarray) -> None:
    """Under another name first, so that nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    with beside.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    beside.replace(path)
    old = sorted(path.parent.glob("*.npz"), key=_last_read)[:-KEPT]
    for one in old:
        one.unlink(missing_ok=True)


Report = Callable[[str], None]

AT_A_TIME = 256
"""Texts that are encoded between two lines of the report."""


def learn_meanings(matcher: Matcher, spaces: Sequence[Space], report: Report) -> None:
    """Add the third head, space by space, each in one step when it is ready.

    The first time it takes a minute for all; after a change only new examples are encoded.
    """
    ready: list[Meaning] = []
    for space in spaces:
        labelled = matcher.labelled(space.learns_from)
        learned = _meaning_or_remember(space, labelled, report)
        ready.append(Meaning(space, list(labelled), list(labelled.values()), learned))
        matcher.meanings = tuple(ready)


def _meaning_or_remember(
    space: Space, labelled: Mapping[str, str], report: Report
) -> LearnedMeaning:
    digest = hashlib.sha256(f"{np.__version__} {space.name} {space.bend} {space.ridge}".encode())
    digest.update(Path(str(meaning.__file__)).read_bytes())
    for text, intent in labelled.items():
        digest.update(f"{text}\0{intent}\n".encode())
    path = cache_folder() / f"{space.name}-{digest.hexdigest()[:32]}.npz"
    with suppress(OSError, ValueError, KeyError):
        kept = _read(path)
        return LearnedMeaning(vectors=kept["vectors"].astype(np.float32), dual=kept["dual"])
    read = [space.read(text) for text in labelled]
    keys = [_key(text) for text in read]
    known = _vectors(space, dict(zip(keys, read, strict=True)), report)
    vectors = np.stack([known[key] for key in keys])
    learned = fit_meaning(space, vectors, list(labelled.values()))
    with suppress(OSError):
        _write(path, keys=np.array(keys), vectors=vectors.astype(np.float16), dual=learned.dual)
    return learned


def _vectors(space: Space, texts: Mapping[str, str], report: Report) -> Mapping[str, Matrix]:
    """The vectors of texts, by key; those that earlier examples had are taken over."""
    known: dict[str, Matrix] = {}
    with suppress(OSError, ValueError, KeyError, IndexError):
        kept = _read(max(cache_folder().glob(f"{space.name}-*.npz"), key=_last_read))
        known = dict(zip(kept["keys"].tolist(), kept["vectors"].astype(np.float32), strict=True))
    missing = [key for key in texts if key not in known]
    for first in range(0, len(missing), AT_A_TIME):
        report(f"meaning ({space.name}): {first} of {len(missing)} new examples read")
        some = missing[first : first + AT_A_TIME]
        encoded = space.encoder.embed([texts[key] for key in some])
        # rounded as it is kept, so that a fit does not depend on what was kept
        known.update(zip(some, encoded.astype(np.float16).astype(np.float32), strict=True))
    return known


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
