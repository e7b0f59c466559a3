"""From the files under intents/ and translations/ to `Knowledge`, or a list of problems."""

from bot.loading.load import Loaded, load
from bot.loading.problems import Problem

__all__ = ["Loaded", "Problem", "load"]
