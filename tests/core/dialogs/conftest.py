"""A small dialog that has every type of question, for the engine alone."""

from dataclasses import replace

import pytest

from bot.core.dialogs.shapes import Check, Dialog, Outcome, Question, Route
from bot.core.knowledge import Knowledge

EVERYTHING = Dialog(
    title="Everything",
    intro="All types of questions.",
    questions={
        "job": Question(
            type="choice",
            ask="Where do you work?",
            label="Work",
            why="It decides your insurance.",
            choices={"firm": "In a firm", "school": "At a school", "none": "Nowhere"},
        ),
        "born": Question(type="age", ask="How old are you?", label="Age"),
        "since": Question(type="date", ask="Since when?", label="Since", lean="past"),
        "until": Question(type="month", ask="Until when?", label="Until", lean="future"),
        "pay": Question(type="yen", ask="How much?", label="Pay", most=10_000_000, optional=True),
        "fits": Question(
            type="choices", ask="What fits?", label="Fits", choices={"ill": "Ill", "old": "Old"}
        ),
        "here": Question(type="place", ask="Which city?", label="City"),
        "people": Question(
            type="members",
            ask="How many people?",
            label="People",
            offer=(1, 2, 3),
            each={
                "age": Question(type="age", ask="How old?", label="Age"),
                "works": Question(type="yes_no", ask="Does this person work?", label="Works"),
                "pay": Question(type="yen", ask="How much a year?", label="Pay a year"),
            },
            routes=(
                Route(ask="age"),
                Route(ask="works"),
                Route(given={"works": "yes"}, ask="pay"),
            ),
        ),
    },
    checks={"elderly": Check(answer="born", at_least="ages.elderly")},
    routes=(
        Route(ask="job"),
        Route(given={"job": "none"}, outcome="nothing"),
        Route(ask="born"),
        Route(check="elderly", outcome="elderly"),
        Route(ask="since"),
        Route(ask="until"),
        Route(ask="pay"),
        Route(ask="fits"),
        Route(given={"fits": "ill"}, outcome="ill"),
        Route(ask="here"),
        Route(ask="people"),
        Route(outcome="done"),
    ),
    outcomes={
        "nothing": Outcome(title="Nothing to do", text="No work."),
        "elderly": Outcome(title="Another system", text="You are old."),
        "ill": Outcome(title="See a doctor", text="You are ill."),
        "done": Outcome(title="All told", text="Thank you.", show=("counter.nhi",)),
    },
)


@pytest.fixture
def everything(knowledge: Knowledge) -> Knowledge:
    """The real knowledge with the small dialog in it."""
    dialogs = {**knowledge.dialogs, "everything": EVERYTHING}
    return replace(knowledge, dialogs=dialogs, worded={})
