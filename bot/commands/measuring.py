"""Commands that match and measure: match, evaluate, bench."""

import argparse
import json
import sys

from bot.commands.wiring import (
    BROKEN,
    WrongCall,
    learned,
)
from bot.config import Config
from bot.core.knowledge import Knowledge
from bot.core.matching import Ranking, rank
from bot.loading.encoders import installed_spaces


def run_match(options: argparse.Namespace, config: Config) -> int:
    """Match JSON lines from standard input to JSON lines on standard output, in their order.

    Each line comes out as soon as it is known; one process a core compares.
    """
    from multiprocessing import get_context

    del options
    knowledge = learned(config)
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

    knowledge = learned(config)
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
