"""One line an event; the token nowhere."""

import logging

from bot.logs import LineFormatter
from tests.fake_telegram import TOKEN


def line(message: str, *arguments: object, error: Exception | None = None, **extra: object) -> str:
    record = logging.LogRecord("bot.x", logging.INFO, "f.py", 1, message, arguments, None)
    record.__dict__.update(extra)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return LineFormatter(b"key", TOKEN).format(record)


def test_the_token_is_exchanged_wherever_it_comes_from() -> None:
    assert TOKEN not in line("calling %s", f"https://example.org/bot{TOKEN}/getMe")
    assert "***" in line("another 987654321:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")


def test_an_exception_is_told_by_its_class_only() -> None:
    try:
        raise ValueError(f"marker {TOKEN}")
    except ValueError as error:
        told = line("failed", error=error)
    assert "ValueError at test_logs.py" in told
    assert "marker" not in told


def test_ids_are_hashed_with_the_key() -> None:
    told = line("sent", chat=123456789, event=7)
    assert "123456789" not in told
    assert "chat=" in told
    assert "event=7" in told


def test_one_event_is_one_line() -> None:
    told = line("x\r\n2026-11-21 ERROR fake \x1b[2J \u2028 \u202e")
    assert told.isprintable()
