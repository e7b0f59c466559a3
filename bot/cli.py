"""The command line, and the only place where everything is wired together."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from bot.config import BadConfig, Config, default_config, read_config
from bot.core.effects import Part
from bot.core.events import JAPAN
from bot.core.knowledge import Knowledge
from bot.core.matching import Ranking, rank
from bot.core.session import ELSEWHERE, Session
from bot.loading.calculating import CALCULATORS
from bot.loading.encoders import installed_spaces
from bot.loading.library import Library, read_library
from bot.loading.problems import did_you_mean
from bot.logs import TOKEN
from bot.service.keeper import BadKnowledge, Keeper
from bot.storage import SqliteStore, StorageError

USAGE, BROKEN = 2, 1


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


class WrongCall(Exception):
    """An argument names something that does not exist; the text says what to write."""


def run_chat(options: argparse.Namespace, config: Config) -> int:
    """Talk with the bot in the terminal."""
    from bot.channels.console import Console, chat, chat_jsonl

    keeper = _keeper(config)
    _check_names(options, keeper.knowledge)
    keeper.learn_beside()
    fixed = options.now
    console = Console(
        keeper=keeper,
        store=SqliteStore(config.database_path),
        clock=(lambda: fixed) if fixed else (lambda: datetime.now(JAPAN)),
        hint=options.lang,
    )
    try:
        console.begin(Session(language=options.lang, place=options.place))
        (chat_jsonl if options.jsonl else chat)(console, sys.stdin, sys.stdout)
    finally:
        console.close()
    return 0


def run_run(options: argparse.Namespace, config: Config) -> int:
    """Run the bot on Telegram until it is stopped."""
    import asyncio
    import gc

    from bot.channels.telegram.api import CannotRun
    from bot.channels.telegram.serve import serve

    token = read_token(os.environ)
    keeper = _keeper(config)
    print(f"knowledge: {config.intents}; translations: {config.translations}", file=sys.stderr)
    keeper.knowledge.matcher.warm()
    gc.collect()
    gc.freeze()  # the knowledge stays: to look through it for garbage costs a tenth of the speed
    try:
        asyncio.run(
            serve(
                keeper,
                config.database_path,
                token,
                base_url=config.base_url,
                proxy=config.proxy,
                rates=config.rates,
                level=logging.DEBUG if options.debug else logging.INFO,
            )
        )
    except CannotRun as error:
        print(error, file=sys.stderr)
        return BROKEN
    return 0


def read_token(environment: Mapping[str, str]) -> str:
    """The bot's token from TELEGRAM_TOKEN or the file TELEGRAM_TOKEN_FILE. Raises `WrongCall`."""
    token = environment.get("TELEGRAM_TOKEN", "").strip()
    file = environment.get("TELEGRAM_TOKEN_FILE")
    if not token and file:
        try:
            token = Path(file).read_text("utf-8").strip()
        except OSError as error:
            what = f"TELEGRAM_TOKEN_FILE cannot be read ({error.strerror})."
            raise WrongCall(f"{what} Check the name and who may read it.") from None
    if not token:
        raise WrongCall(
            "There is no token. Write to @BotFather in Telegram, send /newbot, and start again "
            "with TELEGRAM_TOKEN=... or TELEGRAM_TOKEN_FILE=/path/to/a/file that only you can read."
            " To try the bot without Telegram: madoguchi chat."
        )
    if TOKEN.fullmatch(token) is None:
        raise WrongCall("The token does not look like 123456789:AAF... Copy it again.")
    return token


def run_ask(options: argparse.Namespace, config: Config) -> int:
    """Answer one message and stop."""
    from bot.channels.console import show
    from bot.core.events import TextSaid
    from bot.service.conversing import decide

    knowledge = _learned(config, only_for=options.text)
    _check_names(options, knowledge)
    session = Session(language=options.lang, place=options.place)
    event = TextSaid(text=options.text, at=datetime.now(JAPAN), number=1)
    reply = decide(session, event, knowledge)
    if options.explain and reply.turn.ranking is not None:
        print(explain(reply.turn.ranking))
    show(reply, sys.stdout, sys.stdout.isatty())
    return 0


def explain(ranking: Ranking) -> str:
    """Why a message was understood as it was."""
    detected = ranking.detected or "not clear"
    lines = [
        f"language: {ranking.language} (from the message: {detected})",
        f"band: {ranking.band}",
    ]
    for one in ranking.candidates:
        lines.append(
            f"{one.confidence:6.1%}  {one.intent:28}  n-grams {one.ngrams:5.2f}  "
            f"fuzzy {one.fuzzy:5.2f}  meaning {_score(one.meaning)}  nearest: {one.nearest!r}"
        )
    return "\n".join(lines)


def _score(score: float | None) -> str:
    return "    -" if score is None else f"{score:5.2f}"


def run_show(options: argparse.Namespace, config: Config) -> int:
    """Show one answer as the resident sees it: the short text, then what is behind "more"."""
    from bot.channels.console import plain
    from bot.core.effects import ShowAnswer
    from bot.core.voice import Voice
    from bot.core.wording import word_answer

    knowledge = _keeper(config).knowledge
    _check_names(options, knowledge)
    if options.intent not in knowledge.answers:
        todo = did_you_mean(options.intent, knowledge.answers, "See /topics in the chat.")
        raise WrongCall(f"There is no answer {options.intent}. {todo}")
    language = options.lang or knowledge.default_language
    more = knowledge.answers[options.intent].more is not None
    parts: tuple[Part, ...] = ("short", "more") if more else ("short",)
    for part in parts:
        voice = Voice(knowledge, language, options.on or datetime.now(JAPAN).date())
        effect = ShowAnswer(intent=options.intent, part=part)
        message = word_answer(effect, options.place, voice)
        print(f"--- {part} ---\n{plain(message, sys.stdout.isatty())}\n")
        for row in message.buttons:
            print("  " + "   ".join(f"[{button.label}]" for button in row))
        print()
    return 0


def run_match(options: argparse.Namespace, config: Config) -> int:
    """Match JSON lines from standard input to JSON lines on standard output, in their order.

    Each line comes out as soon as it is known; one process a core compares.
    """
    from multiprocessing import get_context

    del options
    knowledge = _learned(config)
    wrong = 0
    lines = (line for line in enumerate(sys.stdin, 1) if line[1].strip())
    with get_context("fork").Pool(initializer=_remember, initargs=(knowledge,)) as pool:
        for result in pool.imap(_match_line, lines):
            wrong += "error" in result
            print(json.dumps(result, ensure_ascii=False), flush=True)
    return BROKEN if wrong else 0


_known: list[Knowledge] = []
"""The knowledge of a process of `madoguchi match`; copied by fork, never sent."""


def _remember(knowledge: Knowledge) -> None:
    _known.append(knowledge)


def _match_line(numbered: tuple[int, str]) -> dict[str, object]:
    number, line = numbered
    try:
        asked = json.loads(line)
        text, language = asked["text"], asked.get("lang")
        if not isinstance(text, str):
            raise TypeError
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
        return {"error": f'line {number}: This is not {{"text": "...", "lang": "..."}}.'}
    knowledge = _known[-1]
    spoken = knowledge.supported(language) or knowledge.default_language
    return as_match(rank(text, spoken, knowledge))


def as_match(ranking: Ranking) -> dict[str, object]:
    """A ranking as `madoguchi match` prints it."""
    candidates = [
        {"intent": one.intent, "confidence": one.confidence} for one in ranking.candidates
    ]
    return {
        "lang": ranking.language,
        "band": ranking.band,
        "intent": ranking.intent,
        "confidence": candidates[0]["confidence"] if candidates else 0.0,
        "candidates": candidates,
    }


def run_evaluate(options: argparse.Namespace, config: Config) -> int:
    """Measure understanding on labelled messages."""
    from bot.evaluation import BadLabels, evaluate, fit, read_labelled

    knowledge = _learned(config)
    try:
        labelled = [one for file in options.files for one in read_labelled(file, knowledge)]
    except BadLabels as error:
        raise WrongCall(str(error)) from None
    if options.lang:
        labelled = [one for one in labelled if one.language == options.lang]
    if options.fit:
        print(fit(labelled, knowledge))
        return 0
    print(evaluate(labelled, knowledge, errors=options.errors))
    return 0


def run_check(options: argparse.Namespace, config: Config) -> int:
    """Check the knowledge: all mistakes at once as file:line: what. What to do."""
    from collections import Counter

    from bot.loading import load
    from bot.loading.confusions import confusions
    from bot.loading.lint import lint

    print(f"knowledge: {config.intents}; translations: {config.translations}")
    loaded = load(config.intents, config.translations, config.default_language)
    problems = list(loaded.problems)
    if loaded.knowledge is not None:
        today = options.on or datetime.now(JAPAN).date()
        problems += lint(loaded.library, loaded.knowledge, today)
        problems += confusions(loaded.library, loaded.knowledge)
    for problem in sorted(problems):
        print(problem)
    count = Counter(problem.severity for problem in problems)
    print(f"{count['error']} errors, {count['warning']} warnings, {count['note']} notes")
    return BROKEN if count["error"] or (options.strict and count["warning"]) else 0


def run_facts(options: argparse.Namespace, config: Config) -> int:
    """List every figure with its value, dates, source and where it is used, as CSV."""
    import csv
    from dataclasses import fields

    from bot.loading.facts import Fact, facts

    library = _library(config)
    table = csv.writer(sys.stdout)
    table.writerow(one.name for one in fields(Fact))
    for fact in facts(library):
        if not options.unofficial or not fact.official:
            values = (getattr(fact, one.name) for one in fields(Fact))
            table.writerow("; ".join(one) if isinstance(one, tuple) else one for one in values)
    return 0


def run_calculate(options: argparse.Namespace, config: Config) -> int:
    """Work an amount out: one JSON object from standard input, one to standard output."""
    from bot.loading.calculating import BadQuestion, calculate, schema

    if options.schema:
        print(schema(options.subject))
        return 0
    try:
        print(calculate(options.subject, sys.stdin.read(), _library(config)))
    except BadQuestion as error:
        print(error, file=sys.stderr)
        return BROKEN
    return 0


def run_dialogs(options: argparse.Namespace, config: Config) -> int:
    """Look at the dialogs: draw one, list every way through it, or play it with given answers."""
    from bot.loading import drawing
    from bot.service.playing import BadAnswers, play, read_answers

    knowledge = _keeper(config).knowledge
    names = [options.name] if options.name else [*knowledge.dialogs]
    for name in names:
        if name not in knowledge.dialogs:
            raise WrongCall(
                f"There is no dialog {name}. {did_you_mean(name, knowledge.dialogs, '')}".rstrip()
            )
    _check_names(options, knowledge)
    if options.what == "draw":
        for name in names:
            dialog = knowledge.dialogs[name]
            print(drawing.page(name, dialog) if options.html else drawing.mermaid(dialog))
        return 0
    if options.name is None:
        raise WrongCall(f"Name a dialog. Known are: {', '.join(knowledge.dialogs)}.")
    if options.what == "paths":
        print(drawing.table(knowledge.dialogs[options.name]), end="")
        return 0
    try:
        answers = read_answers(options.answers) if options.answers else {}
        language = options.lang or config.default_language
        today = options.on or datetime.now(JAPAN).date()
        print(play(options.name, answers, knowledge, language, options.place, today))
    except BadAnswers as error:
        raise WrongCall(str(error)) from None
    return 0


def run_bench(options: argparse.Namespace, config: Config) -> int:
    """Measure the running bot beside echo bots, or the matcher beside others (from a checkout)."""
    try:
        from tests import bench_matching, bench_telegram
    except ImportError as error:
        what = f"The benchmark needs a checkout and the extras bench and dev ({error.name})."
        raise WrongCall(f"{what} Install them with pip install -e '.[bench,dev]'.") from None
    if options.subject == "telegram":
        return bench_telegram.main()
    sets = []
    for file in options.files:
        try:
            sets.append(bench_matching.read_set(file))
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = f"{file}: this is not a labelled set ({error})."
            raise WrongCall(f"{what} See tests/bench_matching.py for its form.") from None
    spaces = installed_spaces() if config.meaning else ()
    bench_matching.bench(sets, spaces, options.k, options.seeds)
    for one in sets:
        if options.growth:
            bench_matching.growth(one)
    return 0


def run_messages(options: argparse.Namespace, config: Config) -> int:
    """Write messages.pot and bring the .po files up to date."""
    from bot.loading.catalogues import update_catalogues
    from bot.loading.texts import translatable

    library = _library(config)
    for language in options.add:
        path = config.translations / f"{language.replace('-', '_')}.po"
        if not path.exists():
            path.write_text('msgid ""\nmsgstr ""\n', "utf-8")
    missing = update_catalogues(config.translations, translatable(library))
    for language, count in missing.items():
        print(f"{language}: {count} texts are not translated")
    return 0


def run_schemas(options: argparse.Namespace, config: Config) -> int:
    """Write a JSON Schema for each kind of file, for editors that complete and underline."""
    from bot.loading.schemas import write_schemas

    del options
    for path in write_schemas(config.intents / "schemas"):
        print(path)
    return 0


def _library(config: Config) -> Library:
    """All files of the knowledge. Raises `BadKnowledge` if one cannot be read."""
    library = read_library(config.intents)
    if library.problems:
        raise BadKnowledge(tuple(library.problems))
    return library


def _keeper(config: Config) -> Keeper:
    spaces = installed_spaces if config.meaning else tuple
    return Keeper(config.intents, config.translations, config.default_language, spaces)


def _learned(config: Config, only_for: str | None = None) -> Knowledge:
    """Knowledge with all heads ready: what is measured must not depend on the moment."""
    keeper = _keeper(config)
    keeper.learn(lambda line: print(line, file=sys.stderr), only_for)
    return keeper.knowledge


def _check_names(options: argparse.Namespace, knowledge: Knowledge) -> None:
    """Refuse a language or place that does not exist."""
    if options.lang is not None:
        language = knowledge.supported(options.lang)
        if language is None:
            known = ", ".join(knowledge.languages)
            raise WrongCall(f"There is no language {options.lang}. Known are: {known}.")
        options.lang = language
    if options.place is not None and options.place not in (*knowledge.municipalities(), ELSEWHERE):
        known = ", ".join((*knowledge.municipalities(), ELSEWHERE))
        raise WrongCall(f"There is no place {options.place}. Known are: {known}.")


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
