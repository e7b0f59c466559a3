"""Calculations that end in yen: the premium, a bill for it, medical bills, the pension refund."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

from bot.calculators.bill import BillQuestion, check_bill
from bot.calculators.dated import Unit
from bot.calculators.deadline import DeadlineQuestion, deadline
from bot.calculators.high_cost import HighCostQuestion, high_cost
from bot.calculators.household import Childbirth, Member, first_of
from bot.calculators.ledger import Ledger, Line, Sentences, WrongQuestion
from bot.calculators.medical_bills import Bill
from bot.calculators.pension import PensionQuestion, first_day, lump_sum
from bot.calculators.premium import PremiumQuestion, PremiumResult, premium
from bot.core.dialogs.answers import Answers, Value, World, as_day, members
from bot.core.dialogs.counting import fiscal_year
from bot.core.dialogs.finding import Calculation, Due, Finding

PORTIONS = ("medical", "elderly_support", "nursing_care_40_64", "child_support")
ROWS: Sentences = {f"row.{portion}": {} for portion in PORTIONS}
"""The portions of a premium, said in a list."""


def _whole(value: Value) -> int | None:
    return value if isinstance(value, int) else None


def _pension(answers: Answers, world: World) -> Finding:
    months = answers["months"]
    last_month = answers["last_month"]
    average = answers.get("average")
    result = lump_sum(
        PensionQuestion(
            system="national" if answers["system"] == "national" else "employees",
            months=months if isinstance(months, int) else 0,
            last_month=str(last_month),
            average=Decimal(average) if isinstance(average, int) else None,
        ),
        world.tables,
    )
    return Finding(
        verdict=result.nothing or "amount",
        values=(
            ("amount", result.amount),
            ("withheld", result.withheld),
            ("paid", result.paid),
            *((("back", result.refundable_tax),) if result.refundable_tax is not None else ()),
        ),
        lines=result.lines,
        assumptions=result.assumptions,
        sources=result.sources,
    )


def _household(answers: Answers, world: World) -> PremiumQuestion:
    """The people of the answers, of whom the first is the one who asks; amounts are yen a year."""
    year = fiscal_year(world.today)
    people = [
        _member(number, own, answers, first_of(year))
        for number, own in enumerate(members(answers, "people"), start=1)
    ]
    if answers.get("birth") == "yes" and _whole(answers.get("mother")) not in range(
        1, len(people) + 1
    ):
        raise WrongQuestion("mother: she is none of the people.")
    if answers.get("head") == "outside":
        head = _whole(answers.get("head_income"))
        people.append(
            Member(
                age=_whole(answers.get("head_age")),
                income=head,
                earner=bool(head),  # who has other insurance nearly always has a salary
                insured=False,
                head=True,
            )
        )
    return PremiumQuestion(fiscal_year=year, place=str(answers["place"]), members=tuple(people))


def _member(number: int, own: Answers, answers: Answers, start: date) -> Member:
    """One insured person. Who joined before the fiscal year is insured from its `start` on."""
    born = as_day(own.get("age"))
    mother = answers.get("birth") == "yes" and answers.get("mother") == number
    month = answers.get("birth_month")
    joined = as_day(answers.get("joined"))
    return Member(
        age=None if born else _whole(own.get("age")),
        born=born,
        salary=_whole(own.get("salary")),
        pension=_whole(own.get("pension")),
        income=_whole(own.get("profit")),
        lost_job=own.get("lost_job") == "yes",
        from_month=f"{joined:%Y-%m}" if joined and joined >= start else None,
        childbirth=Childbirth(month=month, multiple=answers.get("twins") == "yes")
        if mother and isinstance(month, str)
        else None,
    )


def _premium(answers: Answers, world: World) -> Finding:
    question = _household(answers, world)
    result = premium(question, world.tables)
    return _told(result, question, world, "official" if result.official else "about")


def _bill(answers: Answers, world: World) -> Finding:
    asked = _household(answers, world)
    question = BillQuestion(
        **{one.name: getattr(asked, one.name) for one in fields(PremiumQuestion)},
        billed=_whole(answers["billed"]) or 0,
    )
    result = check_bill(question, world.tables)
    more = (("billed", question.billed), ("difference", abs(result.difference)))
    return _told(result, question, world, result.verdict, more)


def _told(
    result: PremiumResult,
    question: PremiumQuestion,
    world: World,
    verdict: str,
    more: tuple[tuple[str, int], ...] = (),
) -> Finding:
    place = world.tables.places.get(question.place or "")
    area = (place.premium_rates if place else None) or ""
    monthly = result.total // max(1, result.months)
    rows = [Line(step=f"row.{portion}", yen=yen) for portion, yen in result.portions.items() if yen]
    return Finding(
        verdict=verdict,
        values=(
            ("total", result.total),
            ("months", result.months),
            ("monthly", monthly),
            ("reduction", result.reduction_percent),
            *more,
        ),
        rows=tuple(rows),
        lines=result.lines,
        assumptions=result.assumptions,
        sources=result.sources,
        context=f"premium_rates.{area}",
        notes=result.notes,
        official=result.official,
    )


def _high_cost(answers: Answers, world: World) -> Finding:
    """Bills of one month; `group` is under_70 or 70_to_74."""
    old = answers["group"] == "70_to_74"
    month = first_day(str(answers["month"]))
    senior = int(Ledger(world.tables).figure("ages.senior", month))
    question = HighCostQuestion(
        month=str(answers["month"]),
        age=senior if old else senior - 1,
        band=str(answers["old_band" if old else "band"]),  # type: ignore[arg-type]
        bills=tuple(_medical_bill(own) for own in members(answers, "bills")),
        earlier_months_in_year=_whole(answers.get("earlier")),
        paid_since_august=_whole(answers.get("since_august")),
    )
    result = high_cost(question, world.tables)
    values = [
        ("ceiling", result.ceiling),
        ("paid", result.paid),
        ("burden", result.burden),
        ("refund", result.refund),
    ]
    if result.annual_cap is not None:
        values.append(("annual_cap", result.annual_cap))
    claim = deadline(
        DeadlineQuestion(kind="high_cost", event=month, today=world.today),
        world.tables,
    )
    by = claim.last_day if result.refund else None
    return Finding(
        verdict="nothing" if not result.refund else "lapsed" if claim.overdue else "refund",
        values=tuple(values),
        rows=(Line(step="row.high_cost", values=(("day", by),)),) if by else (),
        dues=(Due(day=by, subject="high_cost"),) if by else (),
        lines=result.lines,
        assumptions=result.assumptions,
        sources=result.sources,
    )


def _medical_bill(own: Answers) -> Bill:
    return Bill(
        person=_whole(own.get("person")) or 1,
        inpatient=own.get("inpatient") == "yes",
        hospital=str(own["hospital"]) if own.get("hospital") is not None else None,
        paid=_whole(own.get("paid")),
        total_cost=_whole(own.get("total")),
    )


PREMIUM: dict[str, Unit] = {
    "total": "yen",
    "months": "months",
    "monthly": "yen",
    "reduction": "percent",
}

COSTS: dict[str, Calculation] = {
    "pension": Calculation(
        work=_pension,
        needs=("system", "months", "last_month"),
        verdicts=("amount", "too_few_months", "ten_years"),
        values={"amount": "yen", "withheld": "yen", "paid": "yen", "back": "yen"},
    ),
    "premium": Calculation(
        work=_premium, needs=("place", "people"), verdicts=("official", "about"), values=PREMIUM
    ),
    "bill": Calculation(
        work=_bill,
        needs=("place", "people", "billed"),
        verdicts=("plausible", "ask", "off"),
        values={**PREMIUM, "billed": "yen", "difference": "yen"},
    ),
    "high_cost": Calculation(
        work=_high_cost,
        needs=("month", "group", "bills"),
        verdicts=("refund", "nothing", "lapsed"),
        values={
            "ceiling": "yen",
            "paid": "yen",
            "burden": "yen",
            "refund": "yen",
            "annual_cap": "yen",
        },
    ),
}
