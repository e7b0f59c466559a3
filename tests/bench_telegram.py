"""`madoguchi bench telegram`: the running bot beside two echo bots, on the same fake server.

What is measured: updates a second from Telegram's answer to the last reply received, with a backlog
of mixed updates (a third each of deep links, free questions in three languages, and repeated
titles of letters), once from a server that takes a message in no time and once from one as far
away as a server on another continent; the time from update to reply at 25 a second; and memory. The
echo bots do nothing but send the text back. Our bot stores everything with synchronous=FULL,
understands it, and answers from the real knowledge.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.bot_process import FAST, ROOT, BotProcess
from tests.fake_telegram import FakeTelegram, Json, Person

CHATS = 200
BACKLOG = 2000
FAR_SECONDS, FAR_BACKLOG = 0.05, 400
"""Until a message is taken; from Japan, Telegram needs rather 0.15."""

STEADY_RATE, STEADY_SECONDS = 25, 20
WAITING = 20_000
LIFTED = FAST | {"in_flight": 32}
LANGUAGES = ("en", "ja", "zh-Hans")


class BenchTelegram(FakeTelegram):
    """What the echo bots call besides."""

    async def _on_deleteWebhook(self, _: Json) -> bool:  # noqa: N802
        return True

    def _expect(self, payload: Json, known: set[str]) -> None:
        """The libraries send more parameters than we do."""


@dataclass
class Runner:
    """A bot under measurement: how it is started, and its process id."""

    name: str
    start: Callable[[BenchTelegram, Path], subprocess.Popen[bytes]]


def start_ours(*, meaning: bool) -> Callable[[BenchTelegram, Path], subprocess.Popen[bytes]]:
    def start(telegram: BenchTelegram, folder: Path) -> subprocess.Popen[bytes]:
        bot = BotProcess(folder, telegram.url, LIFTED, meaning=meaning)
        bot.start()
        assert bot.process is not None
        return bot.process

    return start


def start_echo(library: str) -> Callable[[BenchTelegram, Path], subprocess.Popen[bytes]]:
    def start(telegram: BenchTelegram, folder: Path) -> subprocess.Popen[bytes]:
        with (folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.echo_bots", library, telegram.url],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=log,
            )

    return start


RUNNERS = (
    Runner("madoguchi", start_ours(meaning=False)),
    Runner("madoguchi with meaning", start_ours(meaning=True)),
    Runner("python-telegram-bot echo", start_echo("ptb")),
    Runner("aiogram echo", start_echo("aiogram")),
)


def messages(count: int, seed: int) -> list[str]:
    """A third each: deep links, free questions, titles of letters."""
    chance = random.Random(seed)
    questions = [
        json.loads(line)["text"]
        for language in LANGUAGES
        for line in (ROOT / "tests" / "matching" / f"{language}.jsonl").read_text().splitlines()
    ]
    kinds = (
        lambda: "/start nhi-enrol",
        lambda: chance.choice(questions),
        lambda: chance.choice(("督促状", "資格確認書", "nofusho", "限度額適用認定証")),
    )
    return [kinds[index % 3]() for index in range(count)]


async def measure(runner: Runner, seed: int) -> dict[str, float]:
    """One run of one bot on a server of its own."""
    telegram = BenchTelegram(seed)
    await telegram.start()
    people = [Person(telegram, 1000 + number) for number in range(CHATS)]
    with tempfile.TemporaryDirectory() as folder:
        process = runner.start(telegram, Path(folder))
        try:
            people[0].send("/start")
            await telegram.until(lambda: len(telegram.sent) >= 1, 60)
            await asyncio.sleep(15)
            idle = memory(process.pid)
            result = {"updates/s": await throughput(telegram, people, seed, BACKLOG)}
            result |= await steady(telegram, people, seed)
            result["idle MB"] = idle
            telegram.faults.seconds = FAR_SECONDS
            result["far/s"] = await throughput(telegram, people, seed, FAR_BACKLOG)
            if runner.name.startswith("madoguchi"):
                result["waiting MB"] = await backlog_memory(telegram, people, process.pid)
        finally:
            process.kill()
            process.wait()
            await telegram.stop()
    return result


async def throughput(
    telegram: BenchTelegram, people: list[Person], seed: int, backlog: int
) -> float:
    """Updates a second over a backlog."""
    had = {one.id: len(telegram.to(one.id)) for one in people}
    before = len(telegram.sent)
    began = time.monotonic()
    for index, text in enumerate(messages(backlog, seed)):
        people[index % CHATS].send(text)
    share = backlog // CHATS

    def done() -> bool:
        return len(telegram.sent) - before >= backlog and all(
            len(telegram.to(one)) - count >= share for one, count in had.items()
        )

    await telegram.until(done, 120)
    return backlog / (time.monotonic() - began)


async def steady(telegram: BenchTelegram, people: list[Person], seed: int) -> dict[str, float]:
    """Milliseconds from update to reply at a steady rate, one message a person at a time."""
    waits: list[float] = []
    for index, text in enumerate(messages(STEADY_RATE * STEADY_SECONDS, seed + 1)):
        person = people[index % CHATS]
        had = len(telegram.to(person.id))
        began = time.monotonic()
        person.send(text)
        asyncio.get_running_loop().create_task(_wait_for(telegram, person, had, began, waits))
        await asyncio.sleep(1 / STEADY_RATE)
    await telegram.until(lambda: len(waits) >= STEADY_RATE * STEADY_SECONDS, 30)
    waits.sort()
    return {
        f"p{share} ms": waits[min(len(waits) - 1, len(waits) * share // 100)] * 1000
        for share in (50, 95, 99)
    }


async def _wait_for(
    telegram: BenchTelegram, person: Person, had: int, began: float, waits: list[float]
) -> None:
    while len(telegram.to(person.id)) <= had:
        await asyncio.sleep(0.001)
    waits.append(telegram.to(person.id)[had].at - began)


async def backlog_memory(telegram: BenchTelegram, people: list[Person], pid: int) -> float:
    """The most memory while so many updates wait, with Telegram slow to take replies."""
    telegram.faults.seconds = 0.2
    for index, text in enumerate(messages(WAITING, 5)):
        people[index % CHATS].send(text)
    most = 0.0
    ends = time.monotonic() + 25
    while time.monotonic() < ends:
        most = max(most, memory(pid))
        await asyncio.sleep(0.2)
    return most


def memory(pid: int) -> float:
    """Resident memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def bench(seeds: int = 3) -> str:
    """A table: medians over the seeds, and the ratio to python-telegram-bot's echo."""
    rows: dict[str, dict[str, float]] = {}
    for runner in RUNNERS:
        runs = [await measure(runner, seed) for seed in range(1, seeds + 1)]
        rows[runner.name] = {
            name: sorted(run[name] for run in runs)[len(runs) // 2] for name in runs[0]
        }
    echo = rows["python-telegram-bot echo"]
    for row in rows.values():
        row |= {f"x {speed}": row[speed] / echo[speed] for speed in ("updates/s", "far/s")}
    columns = (
        "updates/s", "x updates/s", "far/s", "x far/s",
        "p50 ms", "p95 ms", "p99 ms", "idle MB", "waiting MB",
    )  # fmt: skip
    lines = [f"{'':26}" + "".join(f"{name:>12}" for name in columns)]
    for name, row in rows.items():
        cells = "".join(f"{row[one]:12.2f}" if one in row else f"{'-':>12}" for one in columns)
        lines.append(f"{name:26}{cells}")
    return "\n".join(lines)


def main() -> int:
    """Print the table."""
    print(asyncio.run(bench()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
