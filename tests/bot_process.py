"""The real bot, as a process that can be killed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.fake_telegram import TOKEN

ROOT = Path(__file__).parent.parent

FAST = {
    "in_flight": 8,
    "per_second": 100000,
    "chat_per_second": 100000,
    "chat_burst": 100000,
    "group_per_minute": 100000,
}
"""Rates that never hold back, for tests about other things."""


@dataclass
class BotProcess:
    """`madoguchi run` on a database in `folder`, against a server at `url`."""

    folder: Path
    url: str
    sending: dict[str, int] = field(default_factory=lambda: dict(FAST))
    patience: int = 1_000_000
    """Messages that one person may send at once."""
    debug: bool = False
    meaning: bool = False
    staff: str = ""
    """The section `staff` of the configuration, indented."""
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def database(self) -> Path:
        return self.folder / "m.sqlite3"

    def start(self) -> None:
        self._spawn(["bot.cli", "run", "--config"], ["--debug"] if self.debug else [])

    def _spawn(self, module: list[str], options: list[str], **pipes: int) -> None:
        config = self.folder / "config.yaml"
        rates = "".join(f"  {name}: {value}\n" for name, value in self.sending.items())
        config.write_text(
            f"content:\n  intents: {ROOT / 'intents'}\n  translations: {ROOT / 'translations'}\n"
            f"  meaning: {str(self.meaning).lower()}\n"
            f"database:\n  url: sqlite:///m.sqlite3\ntelegram:\n  base_url: {self.url}\n"
            f"sending:\n{rates}"
            f"receiving: {{person_burst: {self.patience}, person_per_minute: 60}}\n"
            + (f"staff:\n{self.staff}" if self.staff else "")
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *module, str(config), *options],
                cwd=ROOT,
                env={**os.environ, "TELEGRAM_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)},
                **{"stdout": log, **pipes},  # type: ignore[call-overload]
                stderr=log,
            )

    def kill(self) -> None:
        """As a power cut would: no handler runs."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(20)

    def said(self) -> str:
        return self.log.read_text("utf-8")


@dataclass
class ForkedBot(BotProcess):
    """The same, forked from a process that has loaded everything: a life begins in no time."""

    life: int | None = None

    def load(self) -> None:
        self._spawn(["tests.zygote"], [], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._answer() == "ready"

    def start(self) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(b"start\n")
        self.process.stdin.flush()
        self.life = int(self._answer())

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End the life in an orderly way, and the process that it was forked from."""
        self._end(signal.SIGTERM)
        assert self.process is not None
        self.process.kill()
        self.process.communicate()  # closes its pipes too
        return 0

    def _answer(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().strip()

    def _end(self, number: signal.Signals) -> None:
        assert self.life is not None
        os.kill(self.life, number)
        deadline = time.monotonic() + 20
        while Path(f"/proc/{self.life}").exists():
            assert time.monotonic() < deadline, "it does not end"
            time.sleep(0.005)
