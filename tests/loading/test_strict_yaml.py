"""YAML without surprises, and a line for every mistake."""

from datetime import date
from decimal import Decimal

import pytest

from bot.loading.strict_yaml import Mistake, parse


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9:00", "9:00"),
        ("0120", "0120"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ('"#7119"', "#7119"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("14", 14),
        ("-3", -3),
        ("2.5", Decimal("2.5")),
        ("1e3", "1e3"),
        ("true", True),
        ("null", None),
        ("2026-04-01", date(2026, 4, 1)),
        ('"2026-04-01"', "2026-04-01"),
        ("[1, a]", (1, "a")),
    ],
)
def test_only_what_looks_like_a_number_is_one(written: str, read: object) -> None:
    """Plain PyYAML reads 9:00 as 540, 0120 as 80 and yes as True."""
    assert parse("f.yaml", f"key: {written}".encode()).content == {"key": read}


MISTAKES = [
    ("a: 1\na: 2\n", "f.yaml:2: 'a' stands here twice."),
    ("a: &x 1\nb: *x\n", "f.yaml:1: & and * have a special meaning here."),
    ("a: !!python/object/apply:os.system [ls]\n", "f.yaml:1: ! has a special meaning here."),
    ("a: text: more\n", "f.yaml:1: There is a colon inside the text."),
    ("a:\n\t- b\n", "f.yaml:2: A tab,"),
    ('a: "open\n', "f.yaml:2: A quotation mark is not closed."),
    ("a: [1, 2\nb: 3\n", "f.yaml:2: A bracket is not closed"),
    ("a: 2026-02-30\n", "f.yaml:1: There is no day 2026-02-30."),
    ("a: @home\n", "f.yaml:1: A tab, or one of"),
    ("---\na: 1\n---\nb: 2\n", "f.yaml:3: --- divides files"),
    ("a: " + "[" * 200, "f.yaml:1: There are too many levels."),
    ("a: *gone\n", "f.yaml:1: & and * have a special meaning here."),
    ("? [x, y]\n: 1\n", "f.yaml:1: A name must stand before the colon."),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_mistakes_are_told_with_line_and_remedy(text: str, said: str) -> None:
    with pytest.raises(Mistake) as raised:
        parse("f.yaml", text.encode())
    told = str(raised.value)
    assert told.startswith(said)
    assert told.endswith(".")


def test_other_encodings_and_large_files_are_refused() -> None:
    with pytest.raises(Mistake, match=r"f\.yaml:2: This is not UTF-8 text"):
        parse("f.yaml", b"a: 1\nb: \xff")
    with pytest.raises(Mistake, match="larger than 1 MiB"):
        parse("f.yaml", b"a" * 1_048_577)


def test_an_alias_bomb_costs_nothing() -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"{c}: &{c} [*a,*a]\n" for c in "bcdefgh")
    with pytest.raises(Mistake):
        parse("f.yaml", bomb.encode())


def test_every_value_knows_its_line() -> None:
    document = parse("f.yaml", b"a:\n  b:\n    - one\n    - two\n")
    assert document.line(("a", "b", 1)) == 4
    assert document.line(("a", "b", 9)) == 2
    assert document.line(("z",)) == 1
