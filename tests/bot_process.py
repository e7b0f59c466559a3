"""The real bot, as a process that can be killed."""

import os
import signal
import subprocess
import sys
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
        config = self.folder / "config.yaml"
        rates = "".join(f"  {name}: {value}\n" for name, value in self.sending.items())
        config.write_text(
            f"content:\n  intents: {ROOT / 'intents'}\n  translations: {ROOT / 'translations'}\n"
            f"  meaning: {str(self.meaning).lower()}\n"
            f"database:\n  url: sqlite:///m.sqlite3\ntelegram:\n  base_url: {self.url}\n"
            f"sending:\n{rates}" + (f"staff:\n{self.staff}" if self.staff else "")
        )
        command = [sys.executable, "-m", "bot.cli", "run", "--config", str(config)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *(["--debug"] if self.debug else [])],
                cwd=ROOT,
                env={**os.environ, "TELEGRAM_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)},
                stdout=log,
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
