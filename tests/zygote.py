"""The real bot, loaded once and forked for every life, so that it can be killed often.

`python -m tests.zygote CONFIG` prints "ready"; then every line on its input starts one more life
and prints its process number.
"""

import asyncio
import gc
import logging
import os
import signal
import sys
from pathlib import Path

from bot.channels.telegram.serve import serve
from bot.commands.talking import read_token
from bot.commands.wiring import keeper_of
from bot.config import read_config


def main(path: Path) -> None:
    config = read_config(path)
    keeper = keeper_of(config)
    keeper.knowledge.matcher.warm()
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    print("ready", flush=True)
    for _ in sys.stdin:
        number = os.fork()
        if number == 0:
            os.close(0)
            asyncio.run(
                serve(
                    keeper,
                    config.database_path,
                    read_token(os.environ),
                    base_url=config.base_url,
                    proxy=None,
                    rates=config.rates,
                    patience=config.patience,
                    level=logging.INFO,
                )
            )
            os._exit(0)
        print(number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
