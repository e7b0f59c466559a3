"""Understanding free text: `rank(text, language, knowledge)` and what it needs."""

from bot.core.matching.confidence import ANSWER_FROM, Candidate
from bot.core.matching.emergency import EmergencyPatterns
from bot.core.matching.matcher import Matcher, is_outside
from bot.core.matching.ranking import Ranking, rank

__all__ = [
    "ANSWER_FROM",
    "Candidate",
    "EmergencyPatterns",
    "Matcher",
    "Ranking",
    "is_outside",
    "rank",
]
