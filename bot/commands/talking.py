"""Commands that answer: chat, run, ask, show."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.commands.wiring import (
    BROKEN,
    WrongCall,
    check_names,
    keeper_of,
    learned,
)
from bot.config import Config
from bot.core.consultation.shapes import Consultant
from bot.core.consultation.staffing import Desk, Staff
from bot.core.effects import Part
from bot.core.events import JAPAN
from bot.core.matching import Ranking
from bot.core.session import Session
from bot.loading.problems import did_you_mean
from bot.logs import TOKEN
from bot.storage import SqliteStore
from bot.storage.store import TERMINAL


def _at_the_terminal(config: Config) -> Config:
    """The consultants, with their hours and language, at `madoguchi desk`."""
    desks = (Desk(chat=TERMINAL),)
    staff = replace(config.staff, desks=desks) if config.staff else Staff(desks=desks)
    return replace(config, staff=staff)


def run_chat(options: argparse.Namespace, config: Config) -> int:
    """Talk with the bot in the terminal."""
    from bot.channels.console import Console, chat, chat_jsonl

    keeper = keeper_of(_at_the_terminal(config))
    check_names(options, keeper.knowledge)
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


def run_desk(options: argparse.Namespace, config: Config) -> int:
    """Be the consultant, in a second terminal beside `madoguchi chat`."""
    import getpass

    from bot.channels.desk import DeskTerminal, attend

    del options
    keeper = keeper_of(_at_the_terminal(config))
    keeper.knowledge.matcher.warm()
    store = SqliteStore(config.database_path)
    desk = DeskTerminal(
        knowledge=lambda: keeper.knowledge,
        store=store,
        clock=lambda: datetime.now(JAPAN),
        out=sys.stdout,
        by=Consultant(id=1, name=getpass.getuser()),
    )
    attend(desk, sys.stdin, sys.stdout)
    return 0


def run_candidates(options: argparse.Namespace, config: Config) -> int:
    """List the wordings that consultants propose as examples, as YAML to review and paste."""
    import asyncio
    from itertools import groupby

    async def read() -> list[tuple[str, str, str, str]]:
        store = SqliteStore(config.database_path)
        listed = await store.consultations.candidates()
        if options.done:
            await store.consultations.drop_candidates()
        await store.close()
        return listed

    listed = asyncio.run(read())
    for (language, intent), group in groupby(listed, key=lambda one: (one[1], one[2])):
        area = intent.split(".")[0]
        print(f"# examples/{language}/{area}.yaml\n{intent}:")
        for text, *_ in group:
            print(f"  - {json.dumps(text, ensure_ascii=False)}")
    return 0


def run_run(options: argparse.Namespace, config: Config) -> int:
    """Run the bot on Telegram until it is stopped."""
    import asyncio
    import gc

    from bot.channels.telegram.api import CannotRun
    from bot.channels.telegram.serve import serve

    token = read_token(os.environ)
    keeper = keeper_of(config)
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
                patience=config.patience,
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
            others = Path(file).stat().st_mode & 0o007
        except OSError as error:
            what = f"TELEGRAM_TOKEN_FILE cannot be read ({error.strerror})."
            raise WrongCall(f"{what} Check the name and who may read it.") from None
        except UnicodeDecodeError:
            raise WrongCall("TELEGRAM_TOKEN_FILE is not plain text. Save it as UTF-8.") from None
        if others:
            raise WrongCall(f"Everybody here can read TELEGRAM_TOKEN_FILE. Write: chmod 600 {file}")
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

    knowledge = learned(config, only_for=options.text)
    check_names(options, knowledge)
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
    from bot.channels.terminal import plain
    from bot.core.effects import ShowAnswer
    from bot.core.voice import Voice
    from bot.core.wording import word_answer

    knowledge = keeper_of(config).knowledge
    check_names(options, knowledge)
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
