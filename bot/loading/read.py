"""One shape a kind of file: which file is what, and what is wrong with its form."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from bot.calculators.dated import Figure, RateTable
from bot.core.dialogs.shapes import Dialog
from bot.core.shapes import Answer, Paper, Place, Topic, Words
from bot.loading.problems import Problem, did_you_mean
from bot.loading.strict_yaml import Document, Path

SHAPES: dict[str, Any] = {
    "answers": Answer,
    "examples": dict[str, tuple[str, ...]],
    "words": Words,
    "tables": dict[str, Figure],
    "tables/premium_rates": RateTable,
    "places": Place,
    "papers": dict[str, Paper],
    "topics": dict[str, Topic],
    "messages": dict[str, str],
    "dialogs": Dialog,
}
"""Kind of file (its folder, or its name at the top of intents/) -> the shape of its content."""


TOP = {
    "papers": "papers",
    "topics": "topics",
    "messages": "messages",
    "calculations": "messages",
    "consultation": "messages",
}
"""Files at the top of intents/ -> their kind."""


def kind_of(file: str) -> str | None:
    """The kind of a file by its path below intents/, or None if it is no kind of ours."""
    parts = file.removesuffix(".yaml").split("/")
    if len(parts) == 1:
        return TOP.get(parts[0])
    if parts[:2] == ["tables", "premium_rates"] and len(parts) == 3:
        return "tables/premium_rates"
    depth = {"answers": 3, "examples": 3, "words": 2, "tables": 2, "places": 2, "dialogs": 2}
    return parts[0] if depth.get(parts[0]) == len(parts) else None


@cache
def adapter(kind: str) -> TypeAdapter[Any]:
    """Pydantic's reader for a kind of file; also gives its JSON Schema."""
    return TypeAdapter(SHAPES[kind])


def shape(document: Document, kind: str) -> tuple[Any, list[Problem]]:
    """The content of a file in its shape, or None and every problem with its form."""
    try:
        return adapter(kind).validate_python(document.content), []
    except ValidationError as errors:
        return None, list(_problems(document, errors.errors(include_url=False)))


def shape_part(document: Document, part: str, kind: Any) -> tuple[Any, list[Problem]]:
    """One section of a file in a shape, or None and every problem with its form."""
    content = document.content
    given = content.get(part) if isinstance(content, dict) else None
    try:
        return TypeAdapter(kind).validate_python(given), []
    except ValidationError as errors:
        return None, list(_problems(document, errors.errors(include_url=False), (part,)))


def _problems(
    document: Document, errors: Iterable[ErrorDetails], at: Path = ()
) -> Iterable[Problem]:
    seen = set()
    for error in errors:
        path: Path = (*at, *error["loc"])
        while path and path not in document.lines and error["type"] != "missing":
            path = path[:-1]  # pydantic adds the branches of a union
        what, todo = _plain(error, path)
        problem = document.problem(path, what, todo)
        if (problem.line, what) not in seen:
            seen.add((problem.line, what))
            yield problem


def _plain(error: ErrorDetails, path: Path) -> tuple[str, str]:
    """What pydantic found, in words for somebody who is no programmer."""
    name = str(path[-1]) if path else "the file"
    given = error.get("input")
    match error["type"]:
        case "missing":
            return f"{name!r} is missing.", f"Add {name}: ..."
        case "unexpected_keyword_argument" | "extra_forbidden":
            todo = did_you_mean(name, _known_keys(), "Delete it, or see README.md.")
            return f"{name!r} is not known here.", todo
        case "literal_error":
            expected = str(error.get("ctx", {}).get("expected", ""))
            return f"{name}: {given!r} is not possible.", f"Write one of: {expected}."
        case "string_type":
            return f"{name}: text is expected, not {_kind(given)}.", 'Write text, in "quotes".'
        case "tuple_type":
            return f"{name}: a list is expected.", "Write lines that begin with '- '."
        case "int_type" | "is_instance_of" | "decimal_type":
            return f"{name}: a number is expected, not {_kind(given)}.", "Write digits alone."
        case "date_type" | "date_from_datetime_parsing" | "date_parsing":
            return f"{name}: a day is expected, not {_kind(given)}.", "Write it as 2026-04-01."
        case "bool_type":
            return f"{name}: true or false is expected.", "Write true or false."
        case "dict_type" | "dataclass_type" | "dataclass_exact_type":
            return f"{name}: more is expected here than {_kind(given)}.", "See README.md."
        case _:
            return f"{name}: {error['msg']}.", "See README.md."


@cache
def _known_keys() -> tuple[str, ...]:
    """Every key that some shape knows."""
    known: set[str] = set()
    for kind in SHAPES:
        schema = adapter(kind).json_schema()
        for part in (schema, *schema.get("$defs", {}).values()):
            known |= set(part.get("properties", {}))
    return tuple(sorted(known))


def _kind(given: object) -> str:
    match given:
        case None:
            return "nothing"
        case dict():
            return "names with colons"
        case tuple():
            return "a list"
        case _:
            return f"{given!s}"
