"""What dialogs can have worked out, by name."""

from bot.calculators.ledger import NotKnownYet, WrongQuestion
from bot.core.dialogs.answers import Answers, World
from bot.core.dialogs.costing import COSTS
from bot.core.dialogs.counting import COUNTS
from bot.core.dialogs.finding import UNKNOWN, Calculation, Finding
from bot.core.dialogs.shapes import Outcome

CALCULATIONS: dict[str, Calculation] = {**COUNTS, **COSTS}


def find_for(outcome: Outcome, answers: Answers, world: World) -> Finding:
    """What the calculation of an outcome found; an outcome without one found nothing to tell."""
    if outcome.calculate is None:
        return Finding(verdict="")
    return find(outcome.calculate, answers, world)


def find(name: str, answers: Answers, world: World) -> Finding:
    """Work a calculation out; `UNKNOWN` outside the tables, never a guess."""
    calculation = CALCULATIONS[name]
    if any(answers.get(need) is None for need in calculation.needs):
        return Finding(verdict=UNKNOWN)
    try:
        return calculation.work(answers, world)
    except (NotKnownYet, WrongQuestion):
        return Finding(verdict=UNKNOWN)
