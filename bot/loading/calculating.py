"""Calculators for programs: one JSON object in, one out."""

import json
from collections.abc import Callable
from decimal import InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.calculators.bill import BillQuestion, BillResult, check_bill
from bot.calculators.dated import Tables
from bot.calculators.deadline import DeadlineQuestion, DeadlineResult, deadline
from bot.calculators.due_dates import DueDatesQuestion, DueDatesResult, due_dates
from bot.calculators.high_cost import HighCostQuestion, HighCostResult, high_cost
from bot.calculators.ledger import NotKnownYet, WrongQuestion
from bot.calculators.pension import PensionQuestion, PensionResult, lump_sum
from bot.calculators.premium import PremiumQuestion, PremiumResult, premium
from bot.core.figures import PLACEHOLDER
from bot.core.knowledge import SOURCE_LANGUAGE
from bot.core.working import tell_assumption, tell_step
from bot.loading.library import Library, values

Calculator = Callable[[Any, Tables], Any]

CALCULATORS: dict[str, tuple[Any, Any, Calculator]] = {
    "premium": (PremiumQuestion, PremiumResult, premium),
    "bill": (BillQuestion, BillResult, check_bill),
    "due-dates": (DueDatesQuestion, DueDatesResult, due_dates),
    "high-cost": (HighCostQuestion, HighCostResult, high_cost),
    "pension": (PensionQuestion, PensionResult, lump_sum),
    "deadline": (DeadlineQuestion, DeadlineResult, deadline),
}
"""Name -> the shapes of question and result, and the calculator."""


class BadQuestion(Exception):
    """The question cannot be answered; each line of the text says where, what, what to do."""


def tables_of(library: Library) -> Tables:
    """What calculators look up."""
    return Tables(
        figures=values(library.figures),
        rates=values(library.rates),
        places=values(library.places),
    )


def calculate(name: str, text: str, library: Library) -> str:
    """Answer a question written as JSON, with every step told in English. Raises `BadQuestion`."""
    question, result, calculator = CALCULATORS[name]
    try:
        answer = calculator(TypeAdapter(question).validate_json(text), tables_of(library))
        return _told(answer, result, library)
    except ValidationError as errors:
        told = (
            f"{'.'.join(map(str, error['loc'])) or 'input'}: {error['msg']}."
            for error in errors.errors(include_url=False)
        )
        raise BadQuestion("\n".join(told)) from None
    except InvalidOperation:
        raise BadQuestion("A number is too large to be an amount of money.") from None
    except WrongQuestion as error:
        raise BadQuestion(str(error)) from None
    except NotKnownYet as error:
        raise BadQuestion(f"{error} Not known yet: no older figure is used instead.") from None


def _told(answer: Any, result: Any, library: Library) -> str:
    """A result as JSON, its steps and assumptions in words."""

    def message(name: str, **filled: str) -> str:
        english: str = library.messages[name].value
        return PLACEHOLDER.sub(lambda found: filled[found[1]], english)

    dumped = TypeAdapter(result).dump_python(answer, mode="json", by_alias=True)
    dumped["lines"] = [
        {"step": line.step, "yen": line.yen, "text": tell_step(line, SOURCE_LANGUAGE, message)}
        for line in answer.lines
    ]
    dumped["assumptions"] = [
        tell_assumption(line, SOURCE_LANGUAGE, message) for line in answer.assumptions
    ]
    return json.dumps(dumped, ensure_ascii=False, indent=1)


def schema(name: str) -> str:
    """The JSON Schemas of question and result."""
    question, result, _ = CALCULATORS[name]
    both = {
        "question": TypeAdapter(question).json_schema(),
        "result": TypeAdapter(result).json_schema(mode="serialization"),
    }
    return json.dumps(both, ensure_ascii=False, indent=1)
