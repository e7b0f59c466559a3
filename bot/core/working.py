"""How a calculation is told: its steps and assumptions as sentences of messages.yaml."""

from collections.abc import Callable, Mapping

from bot.calculators import bill, deadline, due_dates, high_cost, income, pension, premium
from bot.calculators.dated import Unit
from bot.calculators.ledger import Line, Sentences
from bot.core.dialogs import costing, counting
from bot.core.figures import write_figure

CALCULATORS = (bill, deadline, due_dates, high_cost, income, pension, premium)

STEPS: Sentences = {
    name: values
    for steps in (*(one.STEPS for one in CALCULATORS), costing.ROWS, counting.ROWS)
    for name, values in steps.items()
}
ASSUMPTIONS: Sentences = {
    name: values for one in CALCULATORS for name, values in one.ASSUMPTIONS.items()
}

Message = Callable[..., str]
"""(id of a sentence, **values) -> the sentence in a language."""


def tell_step(line: Line, language: str, message: Message) -> str:
    """One step of a calculation, with its figures as they are written in the language."""
    values = _written(line, STEPS[line.step], language, message)
    if line.yen is not None:
        values["yen"] = write_figure("yen", line.yen, language, message)
    return message(f"step.{line.step}", **values)


def tell_assumption(line: Line, language: str, message: Message) -> str:
    """One assumption, with its figures."""
    values = _written(line, ASSUMPTIONS[line.step], language, message)
    return message(f"assume.{line.step}", **values)


def _written(
    line: Line, units: Mapping[str, Unit], language: str, message: Message
) -> dict[str, str]:
    return {
        name: write_figure(units[name], value, language, message) for name, value in line.values
    }
