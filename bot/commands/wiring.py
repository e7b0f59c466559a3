"""What commands share: the knowledge of a configuration, and how they refuse."""

import argparse
import sys

from bot.config import Config
from bot.core.consultation.staffing import Staff
from bot.core.knowledge import Knowledge
from bot.core.session import ELSEWHERE
from bot.loading.dialogs import extend_dialogs
from bot.loading.encoders import installed_spaces
from bot.loading.library import Library, read_library
from bot.loading.problems import did_you_mean
from bot.service.keeper import BadKnowledge, Keeper

USAGE, BROKEN = 2, 1


class WrongCall(Exception):
    """An argument names something that does not exist; the text says what to write."""


def library_of(config: Config) -> Library:
    """All files of the knowledge. Raises `BadKnowledge` if one cannot be read."""
    library = read_library(config.intents)
    if library.problems:
        raise BadKnowledge(tuple(library.problems))
    extend_dialogs(library)
    return library


def keeper_of(config: Config) -> Keeper:
    """The keeper of the configured knowledge.

    Raises `BadKnowledge`; and `WrongCall` if a desk is for a place or topic that does not exist.
    """
    spaces = installed_spaces if config.meaning else tuple
    keeper = Keeper(
        config.intents, config.translations, config.default_language, spaces, config.staff
    )
    _check_desks(config.staff, keeper.knowledge)
    return keeper


def _check_desks(staff: Staff | None, knowledge: Knowledge) -> None:
    for desk in staff.desks if staff else ():
        for kind, names, known in (
            ("places", desk.places, knowledge.municipalities()),
            ("subjects", desk.subjects, knowledge.topics),
        ):
            for name in names:
                if name not in known:
                    todo = did_you_mean(name, known, f"Known are: {', '.join(known)}.")
                    raise WrongCall(f"staff.desks: {kind}: there is no {name}. {todo}")


def learned(config: Config, only_for: str | None = None) -> Knowledge:
    """Knowledge with all heads ready: what is measured must not depend on the moment."""
    keeper = keeper_of(config)
    keeper.learn(lambda line: print(line, file=sys.stderr), only_for)
    return keeper.knowledge


def check_names(options: argparse.Namespace, knowledge: Knowledge) -> None:
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
