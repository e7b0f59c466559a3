"""A dialog for the eye: as Mermaid text, as a page for the browser, as a table of all its ways."""

import csv
import io
from collections.abc import Iterator
from html import escape
from textwrap import shorten

from bot.core.dialogs.answers import listed
from bot.core.dialogs.paths import ANY, HOLDS, Way, ways
from bot.core.dialogs.shapes import Check, Dialog, Route

LONGEST_LABEL = 60

STYLE = """
body { font: 16px/1.45 system-ui, sans-serif; color: #1d2733; margin: 2rem auto; max-width: 64rem;
       padding: 0 1rem; }
ol { list-style: none; padding: 0; border-left: 3px solid #9fb3c8; margin-left: .6rem; }
li { display: grid; grid-template-columns: 17rem 1.6rem 1fr; gap: .4rem; align-items: center;
     padding: .55rem 0 .55rem 1rem; position: relative; }
li::before { content: ""; position: absolute; left: -9px; width: 15px; height: 15px;
             border-radius: 50%; background: #627d98; border: 2px solid #fff; }
.when { color: #486581; font-size: .92rem; } .arrow { color: #829ab1; font-size: 1.3rem; }
.box { border-radius: .5rem; padding: .55rem .8rem; border: 1px solid #bcccdc;
       background: #f0f4f8; }
.outcome { background: #e3f9e5; border-color: #7bc47f; } .id { color: #829ab1; font-size: .8rem; }
p { margin: .2rem 0; }
"""


def mermaid(dialog: Dialog) -> str:
    """The dialog as a Mermaid flowchart: questions, outcomes, and what decides between them."""
    edges: dict[tuple[str, str], list[str]] = {}
    for way in ways(dialog):
        for start, end, label in _edges(way):
            labels = edges.setdefault((start, end), [])
            if label not in labels:
                labels.append(label)
    lines = ["flowchart TD", '  start(["start"])']
    for name, question in dialog.questions.items():
        lines.append(f'  q_{name}["{_plain(question.ask)}"]')
    for name, outcome in dialog.outcomes.items():
        lines.append(f'  o_{name}(["{_plain(outcome.title)}"])')
    for (start, end), labels in edges.items():
        told = " or ".join(filter(None, labels)) if all(labels) else ""
        lines.append(f'  {start} -->|"{_plain(told)}"| {end}' if told else f"  {start} --> {end}")
    return "\n".join(lines)


def _edges(way: Way) -> Iterator[tuple[str, str, str]]:
    """(from, to, what was decided in between) along a way."""
    before, decided = "start", dict[str, str]()
    for name, values in way.steps:
        if values is not None:
            decided[name] = f"{name}: {', '.join(sorted(values))}"
            continue
        yield before, f"q_{name}", "; ".join(decided.values())
        before, decided = f"q_{name}", {}
    yield before, f"o_{way.outcome}", "; ".join(decided.values())


def _plain(text: str) -> str:
    short = shorten(" ".join(text.split()), LONGEST_LABEL, placeholder=" ...")
    return short.replace('"', "'")


def page(name: str, dialog: Dialog) -> str:
    """A page that needs nothing but a browser: the routes from the top, and where each leads."""
    rows = "\n".join(_row(dialog, route) for route in dialog.routes)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(name)}</title><style>{STYLE}</style></head>\n<body><h1>{escape(dialog.title)}</h1>\n"
        "<p>After every answer the lines are tried from the top. The first one that holds, and "
        "whose question is not answered yet, leads on.</p>\n"
        f"<ol>\n{rows}\n</ol></body></html>\n"
    )


def _row(dialog: Dialog, route: Route) -> str:
    conditions = " <br>and ".join(escape(one) for one in _conditions(dialog, route))
    if route.ask is not None:
        question = dialog.questions[route.ask]
        kind, name = "question", route.ask
        choices = "".join(f"<p>○ {escape(one)}</p>" for one in question.choices.values())
        text = escape(question.ask) + choices
    else:
        name = route.outcome or ""
        kind, text = "outcome", f"<b>{escape(dialog.outcomes[name].title)}</b>"
    return (
        f'<li><div class="when">{"if " + conditions if conditions else "always"}</div>'
        f'<div class="arrow">&#8594;</div>'
        f'<div class="box {kind}">{text} <span class="id">{kind} {escape(name)}</span></div></li>'
    )


def _conditions(dialog: Dialog, route: Route) -> Iterator[str]:
    for name, wanted in route.given.items():
        choices = dialog.questions[name].choices
        told = " or ".join(choices.get(one, one) for one in listed(wanted))
        yield f"{dialog.questions[name].label}: {told}"
    for check, holds in ((route.check, True), (route.unless, False)):
        if check is not None:
            yield ("" if holds else "not: ") + _check(dialog, dialog.checks[check])
    for name, wanted in route.found.items():
        yield f"calculation {name} finds {' or '.join(listed(wanted))}"


def _check(dialog: Dialog, check: Check) -> str:
    parts = [
        f"{words} {{{figure}}}"
        for words, figure in (
            ("at least", check.at_least),
            ("more than", check.more_than),
            ("at most", check.at_most),
            ("less than", check.less_than),
        )
        if figure is not None
    ]
    return f"{dialog.questions[check.answer].label} {' and '.join(parts)}"


def table(dialog: Dialog) -> str:
    """Every way as a line of CSV: number, questions asked, what was decided, outcome, its title."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["way", "asked", "decided", "outcome", "title"])
    for number, way in enumerate(ways(dialog), start=1):
        decided = [
            f"{name}: {'yes' if values == {HOLDS} else ', '.join(sorted(values))}"
            for name, values in way.possible.items()
            if values != {ANY}
        ]
        outcome = way.outcome or ""
        title = dialog.outcomes[outcome].title.strip() if outcome else "DEAD END"
        writer.writerow([number, "; ".join(way.asked), "; ".join(decided), outcome, title])
    return out.getvalue()
