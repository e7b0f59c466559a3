"""The JSON Schemas for editors say the same as the reader."""

import json
from pathlib import Path

import jsonschema
import pytest

from bot.loading.read import SHAPES, kind_of
from bot.loading.schemas import schema_name, schema_text
from bot.loading.strict_yaml import parse
from tests.conftest import ROOT


@pytest.mark.parametrize("kind", SHAPES)
def test_the_stored_schema_is_current(kind: str) -> None:
    """Run `madoguchi schemas` after changing a shape."""
    stored = (ROOT / "intents" / "schemas" / schema_name(kind)).read_text("utf-8")
    assert stored == schema_text(kind)


def test_every_file_fits_the_schema_that_it_names() -> None:
    for path in sorted((ROOT / "intents").rglob("*.yaml")):
        file = path.relative_to(ROOT / "intents").as_posix()
        kind = kind_of(file)
        assert kind, file
        first = path.read_text("utf-8").split("\n", 1)[0]
        assert first.startswith("# yaml-language-server: $schema="), file
        named = (path.parent / first.split("=", 1)[1]).resolve()
        assert named == ROOT / "intents" / "schemas" / schema_name(kind), file
        content = parse(file, path.read_bytes()).content
        schema = json.loads(schema_text(kind))
        jsonschema.validate(json.loads(json.dumps(content, default=str)), schema)


def test_a_wrong_file_is_underlined() -> None:
    schema = json.loads(schema_text("answers"))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"titel": "x", "short": "y"}, schema)


def test_schema_files_are_all_known(tmp_path: Path) -> None:
    names = {path.name for path in (ROOT / "intents" / "schemas").iterdir()}
    assert names == {schema_name(kind) for kind in SHAPES}
