"""The conversation in a terminal, for people and for programs."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.console import Console, chat, chat_jsonl
from bot.channels.terminal import asks_for_words, numbered
from bot.core.message import Button
from bot.service.keeper import Keeper
from bot.storage import SqliteStore
from tests.conftest import NOON, ROOT


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    keeper = Keeper(ROOT / "intents", ROOT / "translations", "en")
    store = SqliteStore(tmp_path / "m.sqlite3")
    console = Console(keeper=keeper, store=store, clock=lambda: NOON)
    yield console
    console.close()


def talk(console: Console, *lines: str) -> str:
    out = io.StringIO()
    chat(console, io.StringIO("\n".join(lines) + "\n"), out)
    return out.getvalue()


def ask(console: Console, *lines: object) -> list[dict[str, list[dict[str, object]]]]:
    out = io.StringIO()
    asked = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    chat_jsonl(console, io.StringIO(asked + "\n"), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_plain_lines_from_a_pipe_are_answered(console: Console) -> None:
    said = talk(console, "how do i join national health insurance", "", "/topics")
    assert "within 14 days" in said
    assert "What is it about?" in said
    assert "\033" not in said


def test_a_number_presses_the_button(console: Console) -> None:
    said = talk(console, "/topics", "1")
    assert "What is this insurance?" in said.split("What is it about?")[1]


def test_json_lines_go_in_and_out(console: Console) -> None:
    replies = ask(console, {"say": "督促状"}, {"press": "More"}, {"press": 1})
    first = replies[0]["replies"][0]
    assert first["intent"] == "premium.arrears"
    assert first["band"] == "answer"
    assert "More" in first["buttons"]  # type: ignore[operator]
    assert replies[1]["replies"][0]["band"] is None
    assert replies[2]["replies"]


def test_lines_that_cannot_be_read_are_told_and_do_not_end_the_talk(console: Console) -> None:
    replies = ask(console, "{", '{"shout": 1}', {"press": "No such"}, {"say": "hello"})
    assert [bool(reply.get("error")) for reply in replies] == [True, True, True, False]


def test_counts_reach_the_database(console: Console) -> None:
    ask(console, {"say": "督促状"}, {"press": "👍 Helpful"})
    assert console.runner.run(console.store.feedback()) == [("premium.arrears", "en", True, 1)]


def test_a_number_is_an_answer_where_the_buttons_only_move() -> None:
    """A child may be 2 years old."""
    moves = [Button(label=move, payload=f"now:7:.{move}") for move in ("why", "back", "stop")]
    person = Button(label="person", payload="answer:office.human")
    assert asks_for_words([*moves, person])
    assert not asks_for_words([Button(label="yes", payload="now:7:yes"), *moves])
    assert not asks_for_words([Button(label="again", payload="now:7:.again"), *moves])
    assert not asks_for_words([person])
    assert numbered("２", tuple(moves)) == moves[1]
