"""Understanding free text: `rank(text, language, knowledge)` and what it needs."""

from bot.core.matching.emergency import EmergencyPatterns
from bot.core.matching.ranking import Candidate, Matcher, Ranking, rank

__all__ = ["Candidate", "EmergencyPatterns", "Matcher", "Ranking", "rank"]
