"""All linters and all tests: `python -m tests`. Ends with the first that fails."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
STEPS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
    ("madoguchi", "check"),
    ("madoguchi", "ask", "hello"),  # learns all heads, once for all tests
    ("pytest", "-n", str(os.cpu_count() or 1)),
)


def main() -> int:
    """Run every step with the tools that stand beside this Python."""
    tools = Path(sys.executable).parent
    for name, *arguments in STEPS:
        print(f"--- {name} {' '.join(arguments)}", flush=True)
        done = subprocess.run([tools / name, *arguments], cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
