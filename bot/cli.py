"""The command line: which commands there are, what they take, and how they end."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from bot.commands.editing import (
    run_calculate,
    run_check,
    run_dialogs,
    run_facts,
    run_messages,
    run_schemas,
)
from bot.commands.measuring import run_bench, run_evaluate, run_match
from bot.commands.talking import (
    run_ask,
    run_candidates,
    run_chat,
    run_desk,
    run_run,
    run_show,
)
from bot.commands.wiring import (
    BROKEN,
    USAGE,
    WrongCall,
)
from bot.config import BadConfig, Config, default_config, read_config
from bot.core.events import JAPAN
from bot.loading.calculating import CALCULATORS
from bot.service.keeper import BadKnowledge
from bot.storage import StorageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 is good, 1 is a problem that is told, 2 a wrong call."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        config = read_config(options.config) if options.config else default_config()
        result: int = options.run(options, config)
    except (BadConfig, BadKnowledge, StorageError, WrongCall) as error:
        print(error, file=sys.stderr)
        return USAGE if isinstance(error, WrongCall) else BROKEN
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 0
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="madoguchi",
        description="A consultation bot on public health insurance for foreign residents of Japan.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace, Config], int]
    ) -> argparse.ArgumentParser:
        text = (run.__doc__ or "").strip()
        one = commands.add_parser(name, help=text.splitlines()[0], description=text)
        one.add_argument("--config", type=Path, metavar="FILE", help="the configuration file")
        one.set_defaults(run=run)
        return one

    def resident(one: argparse.ArgumentParser) -> None:
        one.add_argument("--lang", metavar="TAG", help="the resident's language: en, ja, zh-Hans")
        one.add_argument("--place", metavar="PLACE", help="the resident's city, e.g. tokyo_hino")

    chat = command("chat", run_chat)
    resident(chat)
    chat.add_argument("--now", type=_moment, metavar="ISO", help="talk as if it were this moment")
    chat.add_argument("--jsonl", action="store_true", help="one JSON object a line in and out")
    command("desk", run_desk)
    ask = command("ask", run_ask)
    ask.add_argument("text", help="the message")
    resident(ask)
    ask.add_argument("--explain", action="store_true", help="show why")
    show = command("show", run_show)
    show.add_argument("intent", help="the id of an answer, e.g. nhi.enrol")
    resident(show)
    show.add_argument("--on", type=_day, metavar="DATE", help="with the figures of this day")
    run = command("run", run_run)
    run.add_argument("--debug", action="store_true", help="log more (still no text, no names)")
    command("match", run_match)
    evaluate = command("evaluate", run_evaluate)
    evaluate.add_argument("files", nargs="+", type=Path, metavar="FILE")
    evaluate.add_argument("--lang", metavar="TAG", help="only messages in this language")
    evaluate.add_argument("--errors", action="store_true", help="list what was not understood")
    evaluate.add_argument("--fit", action="store_true", help="fit the confidence to the messages")
    check = command("check", run_check)
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.add_argument("--on", type=_day, metavar="DATE", help="look ahead to this day")
    listed = command("facts", run_facts)
    listed.add_argument("--unofficial", action="store_true", help="only what is second-hand")
    calculate = command("calculate", run_calculate)
    calculate.add_argument("subject", choices=[*CALCULATORS])
    calculate.add_argument("--schema", action="store_true", help="show what goes in and comes out")
    dialogs = command("dialogs", run_dialogs)
    dialogs.add_argument("what", choices=["draw", "paths", "play"])
    dialogs.add_argument("name", nargs="?", metavar="NAME", help="the id of a dialog")
    dialogs.add_argument("--html", action="store_true", help="draw a page for the browser")
    dialogs.add_argument("--answers", type=Path, metavar="FILE", help="YAML: question: answer")
    resident(dialogs)
    dialogs.add_argument("--on", type=_day, metavar="DATE", help="play it on this day")
    bench = command("bench", run_bench)
    bench.add_argument("subject", choices=["telegram", "matching"])
    bench.add_argument("files", nargs="*", type=Path, metavar="DATA", help="labelled sets (JSON)")
    bench.add_argument("--k", type=int, default=10, help="examples of each intent (10)")
    bench.add_argument("--seeds", type=int, default=3, help="draws of the examples (3)")
    bench.add_argument("--growth", action="store_true", help="also with more and more examples")
    candidates = command("candidates", run_candidates)
    candidates.add_argument("--done", action="store_true", help="forget them: they were reviewed")
    messages = command("messages", run_messages)
    messages.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="TAG",
        help="begin the .po file of a new language",
    )
    command("schemas", run_schemas)
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day. Write it as 2026-11-21") from None


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        what = f"{text!r} is not a moment. Write it as 2026-11-21T09:00"
        raise argparse.ArgumentTypeError(what) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=JAPAN)


if __name__ == "__main__":
    sys.exit(main())
