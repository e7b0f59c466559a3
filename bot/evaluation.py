"""How well messages are understood, measured on labelled ones; never part of an answer."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.knowledge import Knowledge
from bot.core.matching import Ranking, is_outside, rank
from bot.core.matching.confidence import NEAR_TIE, RIVAL

OUT_OF_SCOPE = "none"
MOST_CONFUSIONS = 15


class BadLabels(Exception):
    """A file of labelled messages cannot be used; the text says where and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A message with the intent that it means; any of `also` is right too."""

    text: str
    topic: str
    also: tuple[str, ...]
    language: str
    origin: str

    @property
    def right(self) -> frozenset[str]:
        """The intents that serve this message."""
        return frozenset((self.topic, *self.also)) - {OUT_OF_SCOPE}

    @property
    def in_scope(self) -> bool:
        """Whether the bot has an answer for it."""
        return self.topic != OUT_OF_SCOPE


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A labelled message and what it was understood as."""

    labelled: Labelled
    ranking: Ranking

    @property
    def place(self) -> int | None:
        """1 to 3 for the first right candidate, None if none is right."""
        intents = [candidate.intent for candidate in self.ranking.candidates]
        return next(
            (number for number, intent in enumerate(intents, 1) if intent in self.labelled.right),
            None,
        )

    @property
    def wrong_outright(self) -> bool:
        """Answered, and the answer was for another question; small talk does no harm."""
        return self.ranking.intent is not None and self.would_mislead(self.ranking.intent)

    def would_mislead(self, intent: str) -> bool:
        """Whether it is the answer to another question."""
        return intent not in self.labelled.right and not intent.startswith("chat.")


def read_labelled(path: Path, knowledge: Knowledge) -> Iterator[Labelled]:
    """Read JSON lines of {"text", "topic", "also", "lang"}. Raises `BadLabels`.

    Without "lang" the file's name says the language: en.jsonl.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadLabels(f"{path}: the file cannot be read ({error}).") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            one = Labelled(
                text=row["text"],
                topic=row["topic"],
                also=tuple(row.get("also", ())),
                language=row.get("lang", path.stem),
                origin=row.get("origin", "written"),
            )
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError):
            what = 'This is not {"text": "...", "topic": "..."}.'
            raise BadLabels(f"{path}:{number}: {what} Write one object a line.") from None
        unknown = one.right - set(knowledge.answers)
        if unknown:
            what = f"There is no intent {', '.join(sorted(unknown))}."
            raise BadLabels(f"{path}:{number}: {what} Use ids of answers, or none.")
        yield one


def judge(labelled: Iterable[Labelled], knowledge: Knowledge) -> list[Judged]:
    """Rank every message with its language as the resident's choice."""
    return [
        Judged(
            labelled=one,
            ranking=rank(
                one.text, knowledge.supported(one.language) or knowledge.default_language, knowledge
            ),
        )
        for one in labelled
    ]


def evaluate(labelled: Sequence[Labelled], knowledge: Knowledge, *, errors: bool = False) -> str:
    """A table by language, real messages apart; with `errors` also what went wrong."""
    judged = judge(labelled, knowledge)
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.labelled.language, []).append(one)
        if one.labelled.origin == "real":
            groups.setdefault(f"{one.labelled.language}, real", []).append(one)
    head = (
        f"{'language':14} {'n':>5} {'right at 1':>11} {'at 3':>7} {'outright':>9} "
        f"{'wrong outright':>15} | {'none':>5} {'answered':>9}"
    )
    lines = [head, *(_row(name, group) for name, group in sorted(groups.items()))]
    if len({one.language for one in labelled}) > 1:
        lines.append(_row("all", judged))
    if errors:
        lines += ["", *_confusions(judged), "", *_errors(judged)]
    return "\n".join(lines)


def _row(name: str, judged: Sequence[Judged]) -> str:
    asked = [one for one in judged if one.labelled.in_scope]
    outside = [one for one in judged if not one.labelled.in_scope]
    first = sum(one.place == 1 for one in asked)
    third = sum(one.place is not None for one in asked)
    outright = sum(one.ranking.intent is not None for one in asked)
    wrong = sum(one.wrong_outright for one in asked)
    answered = sum(one.wrong_outright for one in outside)
    return (
        f"{name:14} {len(asked):5} {_share(first, asked):>11} {_share(third, asked):>7} "
        f"{_share(outright, asked):>9} {_share(wrong, asked):>15} | "
        f"{len(outside):5} {_share(answered, outside):>9}"
    )


def _share(count: int, of: Sequence[Judged]) -> str:
    return f"{count / len(of):.1%}" if of else "-"


def _confusions(judged: Sequence[Judged]) -> Iterator[str]:
    """The pairs of intents that are taken for each other most often."""
    pairs = Counter(
        (one.labelled.topic, one.ranking.candidates[0].intent)
        for one in judged
        if one.labelled.in_scope and one.place != 1 and one.ranking.candidates
    )
    yield f"{'wanted':26} {'found first':26} {'times':>5}"
    for (wanted, found), count in pairs.most_common(MOST_CONFUSIONS):
        yield f"{wanted:26} {found:26} {count:5}"


def _errors(judged: Sequence[Judged]) -> Iterator[str]:
    for one in judged:
        wrong_place = one.labelled.in_scope and one.place != 1
        if wrong_place or one.wrong_outright:
            found = ", ".join(
                f"{candidate.intent} {candidate.confidence:.2f}"
                for candidate in one.ranking.candidates
            )
            yield f"[{one.ranking.band}] {one.labelled.text}"
            yield f"    wanted {', '.join(sorted(one.labelled.right)) or 'none'}; found {found}"


WRONG_ALLOWED = 0.015
"""Share of the messages that may be answered wrongly outright."""


def fit(labelled: Sequence[Labelled], knowledge: Knowledge) -> str:
    """For each language, the smallest sure margin with few enough wrong answers.

    A message that is an example to the letter, or a tie, does not depend on the margin.
    """
    lines = []
    judged = judge(labelled, knowledge)
    for language in sorted({one.labelled.language for one in judged}):
        group = [one for one in judged if one.labelled.language == language]
        decided = [(_margin(one), one) for one in group if _depends_on_margin(one)]
        allowed = int(WRONG_ALLOWED * len(group))
        misled = (m for m, one in decided if one.would_mislead(one.ranking.candidates[0].intent))
        wrong = sorted(misled, reverse=True)
        least = wrong[allowed] + 0.005 if len(wrong) > allowed else 0.0
        outright = sum(margin >= least for margin, _ in decided)
        lines.append(
            f'"{language}": {least:.2f}  # {outright} of {len(group)} messages answered by it, '
            f"{sum(margin >= least for margin in wrong)} wrongly"
        )
    return "\n".join(lines)


def _margin(judged: Judged) -> float:
    top, *rest = judged.ranking.candidates
    return top.score - RIVAL * max(rest[0].score if rest else 0.0, 0.0)


def _depends_on_margin(judged: Judged) -> bool:
    top, *rest = (*judged.ranking.candidates, None)
    if top is None or is_outside(top.intent) or top.confidence == 1.0:
        return False
    return rest[0] is None or top.score - rest[0].score >= NEAR_TIE
