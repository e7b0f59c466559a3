"""Is a bill for the premium plausible? The amount billed beside the amount worked out.

The thresholds are ours, no rule of any office: single-yen differences of rounding and of the order
of the steps are no reason to worry anybody, a difference of a tenth of a year's premium is.
"""

from dataclasses import dataclass, fields
from typing import ClassVar, Literal

from bot.calculators.dated import STRICT, Tables
from bot.calculators.ledger import Line, Sentences, WrongQuestion
from bot.calculators.premium import PremiumQuestion, PremiumResult, premium

PLAUSIBLE_PERCENT = 2
"""Up to this percent of the expected amount a bill is plausible."""
PLAUSIBLE_YEN = 100
"""Up to this many yen too: small premiums and monthly rounding."""
OFF_PERCENT = 10
OFF_YEN = 5_000
"""Beyond both of these a bill is off; between plausible and off it is worth a question."""

STEPS: Sentences = {"bill.compared": {"billed": "yen", "expected": "yen"}}
ASSUMPTIONS: Sentences = {"bill.whole_year": {}}

Verdict = Literal["plausible", "ask", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillQuestion(PremiumQuestion):
    """A question for the premium, and the yen that were billed for the fiscal year."""

    __pydantic_config__: ClassVar[dict[str, object]] = STRICT
    billed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BillResult(PremiumResult):
    """The premium in yen, and what the bill is against it.

    `difference` is the bill less `expected`: above 0 the bill is higher. Rates that are not
    official never make a bill "off", only worth asking about.
    """

    verdict: Verdict
    expected: int
    difference: int


def check_bill(question: BillQuestion, tables: Tables) -> BillResult:
    """Compare. Raises what `premium` raises, and `WrongQuestion` for a bill below zero."""
    if question.billed < 0:
        raise WrongQuestion("billed: yen of 0 or more are expected.")
    found = premium(question, tables)
    values = {one.name: getattr(found, one.name) for one in fields(PremiumResult)}
    difference = question.billed - found.total
    compared = Line(
        step="bill.compared",
        values=(("billed", question.billed), ("expected", found.total)),
        yen=abs(difference),
    )
    values["lines"] = (*found.lines, compared)
    values["assumptions"] = (*found.assumptions, Line(step="bill.whole_year"))
    return BillResult(
        **values,
        verdict=verdict(difference, found),
        expected=found.total,
        difference=difference,
    )


def verdict(difference: int, found: PremiumResult) -> Verdict:
    """What a difference in yen means; a bill may be `at_most_less` lower without being wrong."""
    beyond = difference if difference > 0 else max(0, -difference - found.at_most_less)
    if beyond <= max(PLAUSIBLE_YEN, found.total * PLAUSIBLE_PERCENT / 100):
        return "plausible"
    clear = beyond > OFF_YEN and beyond > found.total * OFF_PERCENT / 100
    return "off" if clear and found.official else "ask"
