"""Calculators for programs: one JSON object in, one out."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.calculators.dated import Figure
from bot.calculators.ledger import NotKnownYet
from bot.calculators.pension import PensionQuestion, PensionResult, WrongQuestion, lump_sum

Calculator = Callable[[Any, Mapping[str, Figure]], Any]

CALCULATORS: dict[str, tuple[Any, Any, Calculator]] = {
    "pension": (PensionQuestion, PensionResult, lump_sum),
}
"""Name -> the shapes of question and result, and the calculator."""


class BadQuestion(Exception):
    """The question cannot be answered; each line of the text says where, what, what to do."""


def calculate(name: str, text: str, figures: Mapping[str, Figure]) -> str:
    """Answer a question written as JSON. Raises `BadQuestion`."""
    question, result, calculator = CALCULATORS[name]
    try:
        answer = calculator(TypeAdapter(question).validate_json(text), figures)
    except ValidationError as errors:
        told = (
            f"{'.'.join(map(str, error['loc'])) or 'input'}: {error['msg']}."
            for error in errors.errors(include_url=False)
        )
        raise BadQuestion("\n".join(told)) from None
    except WrongQuestion as error:
        raise BadQuestion(str(error)) from None
    except NotKnownYet as error:
        raise BadQuestion(f"{error} Not known yet: no older figure is used instead.") from None
    dumped = TypeAdapter(result).dump_python(answer, mode="json", by_alias=True)
    return json.dumps(dumped, ensure_ascii=False, indent=1)


def schema(name: str) -> str:
    """The JSON Schemas of question and result."""
    question, result, _ = CALCULATORS[name]
    both = {
        "question": TypeAdapter(question).json_schema(),
        "result": TypeAdapter(result).json_schema(mode="serialization"),
    }
    return json.dumps(both, ensure_ascii=False, indent=1)
