"""Commands for those who edit the knowledge: check, facts, calculate, dialogs and more."""

import argparse
import sys
from datetime import datetime

from bot.commands.wiring import (
    BROKEN,
    WrongCall,
    check_names,
    keeper_of,
    library_of,
)
from bot.config import Config
from bot.core.events import JAPAN
from bot.loading.problems import did_you_mean


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

    library = library_of(config)
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
        print(calculate(options.subject, sys.stdin.read(), library_of(config)))
    except BadQuestion as error:
        print(error, file=sys.stderr)
        return BROKEN
    return 0


def run_dialogs(options: argparse.Namespace, config: Config) -> int:
    """Look at the dialogs: draw one, list every way through it, or play it with given answers."""
    from bot.loading import drawing
    from bot.service.playing import BadAnswers, play, read_answers

    knowledge = keeper_of(config).knowledge
    names = [options.name] if options.name else [*knowledge.dialogs]
    for name in names:
        if name not in knowledge.dialogs:
            raise WrongCall(
                f"There is no dialog {name}. {did_you_mean(name, knowledge.dialogs, '')}".rstrip()
            )
    check_names(options, knowledge)
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


def run_messages(options: argparse.Namespace, config: Config) -> int:
    """Write messages.pot and bring the .po files up to date."""
    from bot.loading.catalogues import is_language, update_catalogues
    from bot.loading.texts import translatable

    library = library_of(config)
    for language in options.add:
        if not is_language(language):
            raise WrongCall(f"{language} is no language. Write it like ja or zh-Hans.")
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
