"""What Telegram shows of the bot: commands, description. Told per language, only when changed."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from telegram.error import TelegramError

from bot.channels.telegram.api import TelegramApi
from bot.core.knowledge import SOURCE_LANGUAGE, Knowledge
from bot.core.voice import Voice
from bot.storage import Store

log = logging.getLogger(__name__)

COMMANDS = (
    "start", "topics", "place", "language", "human", "reminders", "help", "privacy", "forget",
    "cancel",
)  # fmt: skip
STAFF_COMMANDS = (
    "claim", "release", "assign", "say", "offer", "delete", "note", "subject", "close", "reopen",
    "block", "unblock", "open", "stats", "help",
)  # fmt: skip


def profile_calls(knowledge: Knowledge, today: date) -> Iterator[tuple[str, dict[str, object]]]:
    """(method, payload) for every language; English is also what everybody else sees."""
    for language in knowledge.languages:
        voice = Voice(knowledge, language, today)
        tag = "" if language == SOURCE_LANGUAGE else language.split("-")[0]
        code: dict[str, object] = {"language_code": tag} if tag else {}
        commands = [
            {"command": name, "description": voice.message(f"command.{name}")}
            for name in COMMANDS
        ]  # fmt: skip
        yield "setMyCommands", {"commands": commands, **code}
        yield "setMyShortDescription", {"short_description": voice.message("about"), **code}
        yield "setMyDescription", {"description": voice.message("about.long"), **code}


def staff_calls(
    knowledge: Knowledge, groups: Iterable[int], today: date
) -> Iterator[tuple[str, dict[str, object]]]:
    """The commands that consultants see in their groups, in their language."""
    if knowledge.staff is None:
        return
    voice = Voice(knowledge, knowledge.staff.language, today)
    commands = [
        {"command": name, "description": voice.message(f"desk.command.{name}")}
        for name in STAFF_COMMANDS
    ]  # fmt: skip
    for group in groups:
        yield "setMyCommands", {
            "commands": commands, "scope": {"type": "chat", "chat_id": group}
        }  # fmt: skip


async def tell_profile(
    api: TelegramApi, store: Store, knowledge: Knowledge, groups: Iterable[int], today: date
) -> None:
    """Tell Telegram what has changed since it was told last; what failed, at the next start."""
    calls = chain(profile_calls(knowledge, today), staff_calls(knowledge, groups, today))
    for method, payload in calls:
        name = f"{method} {payload.get('language_code', '')}"
        match payload.get("scope"):
            case {"chat_id": int() as group}:
                name += f"{group}"
        digest = hashlib.sha256(json.dumps(payload).encode()).hexdigest()
        if await store.fact(name) == digest:
            continue
        try:
            await api.call(method, payload)
        except TelegramError as error:
            log.warning("%s was not taken (%s)", method, type(error).__name__)
            continue
        await store.set_fact(name, digest)
