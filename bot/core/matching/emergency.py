"""Danger to life is recognised before all else: by phrases, not by likeness."""

from collections.abc import Mapping

from bot.core.matching.normal import Phrases, normalise
from bot.core.shapes import Words


class EmergencyPatterns:
    """The emergency phrases of all languages; whoever is in danger may write in any of them."""

    def __init__(self, words: Mapping[str, Words]) -> None:
        self._questions = Phrases(word for known in words.values() for word in known.question_words)
        self._meant: dict[str, tuple[str, bool]] = {}
        for known in words.values():
            for intent, listed in known.emergency.items():
                for phrase in listed.always:
                    self._meant[normalise(phrase)] = (intent, True)
                for phrase in listed.unless_question:
                    self._meant.setdefault(normalise(phrase), (intent, False))
        self._phrases = Phrases(self._meant)

    def find(self, normal: str) -> str | None:
        """The answer that a normalised message calls for at once, or None.

        "What does an ambulance cost?" has a word of asking beside a word of emergency: it is a
        question. "I cannot breathe, how much is it" is an emergency all the same.
        """
        found = self._phrases.all_in(normal)
        if not found:
            return None
        asks = self._questions.first_in(normal) is not None
        meant = [self._meant[phrase] for phrase in found]
        return next((intent for intent, always in meant if always or not asks), None)
