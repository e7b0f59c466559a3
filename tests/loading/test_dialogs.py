"""The mistakes that a consultant makes in a dialog, and what they are told; how dialogs look."""

import csv
import io
from pathlib import Path

import pytest

from bot.core.dialogs.paths import ways
from bot.core.dialogs.shapes import Dialog
from bot.loading import load
from bot.loading.drawing import mermaid, page, table
from bot.loading.read import shape
from bot.loading.strict_yaml import parse

GOOD = """\
title: Do I have to join?
questions:
  job:
    type: choice
    ask: Do you have insurance through a job?
    label: Insurance
    choices: {mine: "Yes, my own", none: "No"}
  born: {type: age, ask: How old are you?, label: Age}
  since: {type: date, lean: past, ask: Since when?, label: Since}
checks:
  is_75: {answer: born, at_least: ages.elderly}
routes:
  - {ask: job}
  - {given: {job: mine}, outcome: insured}
  - {ask: born}
  - {check: is_75, outcome: elderly}
  - {ask: since}
  - {found: {join_deadline: unknown}, outcome: ask_us}
  - {outcome: join}
outcomes:
  insured: {title: No, text: You have insurance.}
  elderly: {title: No, text: Another system.}
  ask_us: {title: We do not know., text: Ask the counter.}
  join:
    title: "Join by {result.last_day}."
    text: Go to your city hall.
    calculate: join_deadline
"""

MISTAKES = [
    ("{ask: born}", "{ask: bron}", ":15: There is no question bron. Did you mean born?"),
    ("job: mine}, outcome", "job: mien}, outcome", ":14: job is never 'mien'. Did you mean mine?"),
    ("outcome: insured}", "outcome: insred}", ":14: There is no outcome insred."),
    ("check: is_75", "check: is_57", ":16: There is no check is_57. Did you mean is_75?"),
    ("ages.elderly", "ages.eldery", ":11: There is no figure ages.eldery."),
    ("answer: born", "answer: age", ":11: There is no question age."),
    ("{join_deadline: unknown}", "{join_dedline: unknown}", "no calculation join_dedline."),
    ("{join_deadline: unknown}", "{join_deadline: late}", "There is no finding late."),
    ("  - {outcome: join}\n", "", "A way ends in nothing, after job, born, since."),
    ("{found: {join_deadline: unknown}, outcome: ask_us}", "{given: {job: none}, outcome: ask_us}",
     "No way comes to this route."),
    ("  - {found: {join_deadline: unknown}, outcome: ask_us}\n", "",
     "Here join_deadline may have found nothing."),
    ("{ask: since}", "{ask: job}", "No way comes to this route."),
    ("{check: is_75, outcome: elderly}", "{check: is_75, outcome: join}", "may have found nothing"),
    ("{ask: born}", "{ask: born, outcome: join}", "A route leads to ask: or to outcome:."),
    ("type: choice", "type: yes_no", "A question of type yes_no has no use for choices."),
    ("type: age", "type: choice", "A question of type choice needs choices."),
    ("type: age", "type: agee", "type: 'agee' is not possible."),
    ("result.last_day", "result.lastday", "There is no figure {result.lastday}."),
    ("{job: mine}", "{job: elsewhere}", "job is never 'elsewhere'."),
    ("  elderly: {", "  spare: {title: No, text: x}\n  elderly: {", "No way ends here."),
    ("mine: ", "my-own: ", "cannot be an id"),
    ("title: Do I have", "extends: nothing\ntitle: Do I have", "There is no dialog nothing."),
]  # fmt: skip


def dialog(text: str = GOOD) -> Dialog:
    read, problems = shape(parse("dialogs/x.yaml", text.encode()), "dialogs")
    assert not problems
    assert isinstance(read, Dialog)
    return read


def test_a_good_dialog_has_no_mistakes(library: Path) -> None:
    (library / "intents/dialogs/trial.yaml").write_text(GOOD, "utf-8")
    assert load(library / "intents", library / "translations").knowledge is not None


@pytest.mark.parametrize(("before", "after", "said"), MISTAKES, ids=[one[2] for one in MISTAKES])
def test_a_mistake_is_named_with_its_line_and_a_remedy(
    library: Path, before: str, after: str, said: str
) -> None:
    assert before in GOOD
    path = library / "intents/dialogs/trial.yaml"
    path.write_text(GOOD.replace(before, after, 1), "utf-8")
    loaded = load(library / "intents", library / "translations")
    told = [str(problem) for problem in loaded.errors]
    assert any(line.startswith("dialogs/trial.yaml:") and said in line for line in told), told


def test_ways_are_all_that_can_happen() -> None:
    found = {(way.asked, way.outcome) for way in ways(dialog())}
    assert found == {
        (("job",), "insured"),
        (("job", "born"), "elderly"),
        (("job", "born", "since"), "ask_us"),
        (("job", "born", "since"), "join"),
    }


def test_the_table_of_ways_is_for_an_expert() -> None:
    rows = list(csv.DictReader(io.StringIO(table(dialog()))))
    assert len(rows) == 4
    assert rows[0]["decided"] == "job: mine"
    assert rows[1]["decided"] == "job: none; check is_75: yes"
    assert rows[3]["title"] == "Join by {result.last_day}."


def test_the_pictures_show_questions_conditions_and_results() -> None:
    drawn = mermaid(dialog())
    assert drawn.startswith("flowchart TD")
    assert 'q_job -->|"job: mine"| o_insured' in drawn
    shown = page("trial", dialog())
    assert "Insurance: Yes, my own" in shown
    assert "Age at least {ages.elderly}" in shown
    assert "http" not in shown.replace("https://www.w3.org", "")
