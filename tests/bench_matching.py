"""`madoguchi bench matching DATA...`: the matcher on labelled sets, beside simpler ones.

A set is one JSON object: name, lang, train and test as [[text, intent], ...], and, where it has
them, oos as [text, ...]: messages that nothing answers. For each seed, k examples of each intent
are drawn from train, and at most 300 messages from test. Printed are medians over the seeds.

* right, in 3: the share of messages whose intent is first, or among the first three;
* typos: right, with one wrong, lost, doubled or exchanged letter for every 12;
* AUROC, ISA90: how well confidence tells out-of-scope messages from others, and the share that is
  right and accepted where 90 % of the out-of-scope ones are rejected;
* held out: AUROC against a quarter of the intents of which no example was seen;
* outright, wrong, rejected: at the matcher's own threshold, the share of in-scope messages that it
  answers, and answers wrongly, and of out-of-scope ones that it does not answer;
* build seconds, p50 and p99 milliseconds a message, megabytes of the process.
"""

import json
import random
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.core.matching import Matcher
from bot.core.matching.confidence import ANSWER_FROM, NEAR_TIE
from bot.core.matching.meaning import Meaning, Space, fit_meaning

MOST_TESTED = 300
LETTERS_A_TYPO = 12
SIZES = (1000, 2000, 5000, 10_000)

Labelled = tuple[str, str]
Guess = tuple[list[str], float, bool]
"""Intents, the best first; confidence; whether it would be answered outright."""

Classifier = Callable[[str], Guess]
Trainer = Callable[[Sequence[Labelled], str], Classifier]


@dataclass(frozen=True)
class Set:
    """A labelled set."""

    name: str
    lang: str
    train: Sequence[Labelled]
    test: Sequence[Labelled]
    oos: Sequence[str]


def read_set(path: Path) -> Set:
    """Raises OSError, ValueError or KeyError."""
    data = json.loads(path.read_text("utf-8"))
    train, test = ([(text, intent) for text, intent in data[part]] for part in ("train", "test"))
    return Set(data["name"], data["lang"], train, test, data.get("oos", ()))


def draw(labelled: Sequence[Labelled], k: int, chance: random.Random) -> list[Labelled]:
    """At most k examples of each intent."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    for text, intent in labelled:
        texts[intent].append(text)
    return [
        (text, intent)
        for intent, known in sorted(texts.items())
        for text in chance.sample(known, min(k, len(known)))
    ]


def misspell(text: str, chance: random.Random) -> str:
    """One wrong, lost, doubled or exchanged letter for every 12, at least one."""
    letters = list(text)
    for _ in range(max(1, len(text) // LETTERS_A_TYPO)):
        at = chance.randrange(len(letters)) if letters else 0
        match chance.randrange(4):
            case 0 if letters:
                letters[at] = chance.choice("abcdefghijklmnopqrstuvwxyz")
            case 1 if len(letters) > 1:
                del letters[at]
            case 2 if at + 1 < len(letters):
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            case _ if letters:
                letters.insert(at, letters[at])
    return "".join(letters)


def ours(space: Space | None) -> Trainer:
    """The matcher of the bot, with two heads or three."""

    def train(examples: Sequence[Labelled], lang: str) -> Classifier:
        texts: defaultdict[str, list[str]] = defaultdict(list)
        for text, intent in examples:
            texts[intent].append(text)
        tag = f"{lang}-x-bench"  # as a language for which no margin was measured
        matcher = Matcher({tag: texts}, {}, {})
        matcher.warm()
        if space is not None:
            labelled = matcher.labelled(None)
            known, intents = list(labelled), list(labelled.values())
            learned = fit_meaning(
                space, space.encoder.embed([space.read(text) for text in known]), intents
            )
            matcher.meanings = (Meaning(replace(space, languages=None), known, intents, learned),)

        def classify(text: str) -> Guess:
            found = matcher.candidates(text, tag, tag)
            if not found:
                return [], 0.0, False
            tied = len(found) > 1 and found[0].score - found[1].score < NEAR_TIE
            sure = found[0].confidence >= ANSWER_FROM and not tied
            return [one.intent for one in found], found[0].confidence, sure

        return classify

    return train


def best_example(scorer: Callable[..., float]) -> Trainer:
    """The intents of the examples that are most alike."""

    def train(examples: Sequence[Labelled], _: str) -> Classifier:
        texts = [text for text, _ in examples]

        def classify(text: str) -> Guess:
            found = process.extract(text, texts, scorer=scorer, limit=30)
            intents = list(dict.fromkeys(examples[row][1] for _, _, row in found))
            score = found[0][1] / 100
            return intents[:3], score, score >= 0.9

        return classify

    return train


def support_vectors() -> Trainer | None:
    """scikit-learn's linear SVM on character n-grams, if it is installed."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC
    except ImportError:
        return None

    def train(examples: Sequence[Labelled], _: str) -> Classifier:
        vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
        pipeline = make_pipeline(vectors, LinearSVC())
        pipeline.fit([text for text, _ in examples], [intent for _, intent in examples])

        def classify(text: str) -> Guess:
            scores = pipeline.decision_function([text])[0]
            order = (-scores).argsort()
            margin = float(scores[order[0]])
            return [str(pipeline.classes_[row]) for row in order[:3]], margin, margin >= 0

        return classify

    return train


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float:
    """The chance that an in-scope message is more confident than an out-of-scope one."""
    order = sorted([(one, 0) for one in outside] + [(one, 1) for one in inside])
    ranks = sum(place for place, (_, label) in enumerate(order, 1) if label)
    return (ranks - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside))


def measure(trainer: Trainer, one: Set, k: int, seed: int) -> dict[str, float]:
    """One matcher on one set with one seed; shares in percent."""
    chance = random.Random(seed)
    examples = draw(one.train, k, chance)
    known = {intent for _, intent in examples}
    test = [pair for pair in one.test if pair[1] in known]
    test = chance.sample(test, min(MOST_TESTED, len(test)))
    began = time.perf_counter()
    classify = trainer(examples, one.lang)
    row = {"build s": time.perf_counter() - began}
    guesses, waits = [], []
    for text, _ in test:
        began = time.perf_counter()
        guesses.append(classify(text))
        waits.append((time.perf_counter() - began) * 1000)
    right = [
        intents[:1] == [intent] for (intents, _, _), (_, intent) in zip(guesses, test, strict=True)
    ]
    sure = [answered for _, _, answered in guesses]
    confidence = [confident for _, confident, _ in guesses]
    row["right"] = _percent(right)
    row["in 3"] = _percent(
        [intent in intents for (intents, _, _), (_, intent) in zip(guesses, test, strict=True)]
    )
    row["typos"] = _percent(
        [classify(misspell(text, chance))[0][:1] == [intent] for text, intent in test]
    )
    row["outright"] = _percent(sure)
    row["wrong"] = _percent([yes and not ok for yes, ok in zip(sure, right, strict=True)])
    if one.oos:
        outside = [classify(text) for text in one.oos[:1000]]
        strangers = [confident for _, confident, _ in outside]
        row["AUROC"] = 100 * auroc(confidence, strangers)
        line = sorted(strangers)[int(0.9 * len(strangers))]
        row["ISA90"] = _percent(
            [ok and one > line for ok, one in zip(right, confidence, strict=True)]
        )
        row["rejected"] = 100 - _percent([answered for _, _, answered in outside])
    unseen = set(chance.sample(sorted(known), max(1, len(known) // 4)))
    fewer = trainer([pair for pair in examples if pair[1] not in unseen], one.lang)
    row["held out"] = 100 * auroc(
        [fewer(text)[1] for text, intent in test if intent not in unseen],
        [fewer(text)[1] for text, intent in test if intent in unseen],
    )
    waits.sort()
    row["p50 ms"], row["p99 ms"] = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
    return row


def _percent(hits: Sequence[bool]) -> float:
    return 100 * sum(hits) / len(hits)


COLUMNS = (
    "right", "in 3", "typos", "AUROC", "ISA90", "held out", "outright", "wrong", "rejected",
    "build s", "p50 ms", "p99 ms",
)  # fmt: skip


def bench(sets: Sequence[Set], spaces: Sequence[Space], k: int, seeds: int) -> None:
    """Print a table for each set."""
    trainers: dict[str, Trainer] = {"two heads": ours(None)}
    trainers |= {
        "WRatio": best_example(fuzz.WRatio),
        "token_set": best_example(fuzz.token_set_ratio),
    }
    machine = support_vectors()
    if machine is not None:
        trainers["char SVM"] = machine
    for one in sets:
        intents = len({intent for _, intent in one.train})
        print(f"\n{one.name} ({one.lang}): {intents} intents, {k} examples each, {seeds} seeds")
        print(f"{'':12}" + "".join(f"{name:>10}" for name in COLUMNS))
        serving = [space for space in spaces if one.lang in (space.languages or (one.lang,))]
        meaning = {f"with {space.name}": ours(space) for space in serving[:1]}
        for name, trainer in (trainers | meaning).items():
            rows = [measure(trainer, one, k, seed) for seed in range(1, seeds + 1)]
            middle = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
            cells = (f"{middle[key]:10.1f}" if key in middle else f"{'-':>10}" for key in COLUMNS)
            print(f"{name:12}" + "".join(cells), flush=True)


def growth(one: Set) -> None:
    """Print how the first two heads grow with the number of examples."""
    print(f"\n{one.name}: growth of the first two heads")
    print(f"{'examples':>10}{'build s':>10}{'p50 ms':>10}{'p99 ms':>10}{'peak MB':>10}")
    queries = [text for text, _ in one.test[:MOST_TESTED]]
    for size in SIZES:
        if size > len(one.train):
            break
        examples = random.Random(1).sample(list(one.train), size)
        began = time.perf_counter()
        classify = ours(None)(examples, one.lang)
        built = time.perf_counter() - began
        waits = []
        for text in queries:
            began = time.perf_counter()
            classify(text)
            waits.append((time.perf_counter() - began) * 1000)
        waits.sort()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        half, most = waits[len(waits) // 2], waits[len(waits) * 99 // 100]
        print(f"{size:10}{built:10.2f}{half:10.2f}{most:10.2f}{peak:10.0f}", flush=True)
