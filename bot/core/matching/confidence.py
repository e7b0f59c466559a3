"""From the scores of the heads to the likeliest intents, and to how sure the bot may be of each."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.core.matching.model import Matrix

ANSWER_FROM = 0.7
"""Confidence from which an answer is given outright, unless another is as likely."""

NEAR_TIE = 0.06
"""Two scores nearer than this are a tie: the bot asks, however sure it is of the first.

By spelling alone, 52 % of the English test messages are answered outright with it, 1.4 % wrongly.
"""

OFFERED = 3
"""So many candidates are offered."""

RIVAL = 0.2
"""So much of the best other score is taken from an intent's score: what is left is its margin."""

STEEP, STEEP_OF_MEANING = 15.0, 7.0
"""Confidence is logistic in the margin, with this slope; meaning alone is right at less."""

SURE_MARGIN: Mapping[str, float] = {"en": 0.21, "ja": 0.12, "zh-Hans": 0.12}
SURE_MARGIN_WITH_MEANING: Mapping[str, float] = {"en": 0.32, "ja": 0.28, "zh-Hans": 0.31}
SURE_MARGIN_OF_MEANING: Mapping[str, float] = {"use+e5": 0.26, "use": 0.30, "e5": 0.16}
SURE_MARGIN_UNMEASURED, SURE_MARGIN_OF_MEANING_UNMEASURED = 0.29, 0.37
"""The margin whose confidence is `ANSWER_FROM`: by language; by space for languages without
examples; and for a language of which no messages are labelled. Set so that at most 1.5 % of the
messages of tests/matching/ are answered wrongly outright; `madoguchi evaluate --fit` finds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An intent that a message may mean; scores and nearest example are for `--explain`."""

    intent: str
    confidence: float
    score: float = 1.0
    ngrams: float = 1.0
    fuzzy: float = 1.0
    meaning: float | None = None
    nearest: str = ""


def best_candidates(
    intents: Sequence[str],
    scores: Matrix,
    sure: float,
    details: Callable[[int, str], dict[str, Any]],
    steep: float = STEEP,
) -> list[Candidate]:
    """The intents with the best scores; `details` tells what each head found for one."""
    order = [int(column) for column in np.argsort(-scores)[: max(OFFERED, 2)]]
    first, second = float(scores[order[0]]), float(scores[order[1]]) if len(order) > 1 else 0.0
    return [
        Candidate(
            intent=intents[column],
            confidence=_confidence(
                float(scores[column]), second if place == 0 else first, sure, steep
            ),
            score=float(scores[column]),
            **details(column, intents[column]),
        )
        for place, column in enumerate(order[:OFFERED])
    ]


def _confidence(score: float, rival: float, sure: float, steep: float) -> float:
    """Logistic in the margin over the best other score; `ANSWER_FROM` at the margin `sure`."""
    above = score - RIVAL * max(rival, 0.0) - sure
    return 1 / (1 + math.exp(-steep * above) * (1 / ANSWER_FROM - 1))


def levelled(scores: Matrix, like: Matrix) -> Matrix:
    """Scores of one head, those above zero, with the sum that another head's have.

    A head that likes many intents a little is as sure of its first as one that likes few a lot.
    """
    above = np.maximum(scores, 0)
    total = float(above.sum())
    factor = float(np.maximum(like, 0).sum()) / total if total else 1.0
    return np.asarray(above * factor, np.float32)
