"""A JSON Schema a kind of file, so that editors complete and underline."""

import json
from collections.abc import Iterator
from pathlib import Path

from bot.loading.read import SHAPES, adapter


def schema_text(kind: str) -> str:
    """The schema of a kind of file as it is stored."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **adapter(kind).json_schema(),
    }
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def schema_name(kind: str) -> str:
    """The file name of a kind's schema."""
    return f"{kind.split('/')[-1]}.json"


def write_schemas(folder: Path) -> Iterator[Path]:
    """Write all schemas; the paths written."""
    folder.mkdir(exist_ok=True)
    for kind in SHAPES:
        path = folder / schema_name(kind)
        path.write_text(schema_text(kind), "utf-8")
        yield path
