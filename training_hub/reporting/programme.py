"""The report of the training programme: its columns, charts and definitions."""

from dataclasses import asdict
from functools import partial

from reportlab.graphics.shapes import Drawing

from training_hub.bookings.models.status import GIVEN_UP, OUTCOME_OF, OUTCOMES, CountsAs, Status
from training_hub.paper.charts import columns, stacked_bars
from training_hub.paper.sketch import Series
from training_hub.reporting.models import Figures, Programme, ToCome
from training_hub.reporting.rules import reconciliation, room_identity
from training_hub.tables.table import Cell, Column, Kind, Picture, Report, Table
from training_hub.wording import listed, month, percentage, short_date, short_moment

COURSE = Column(head="Course", key="course", width=52)
COUNTS = {
    "booked": "Booked",
    **{outcome.slug: outcome.label for outcome in OUTCOMES},
    "walk_ins": "Walk-ins",
    "trained": "Trained",
    "expected": "Expected",
    "capacity": "Capacity",
    "evaluations_due": "Evaluations due",
    "evaluations_returned": "Evaluations returned",
}
RATES = {
    "completion_of_booked": "Completion of booked",
    "completion_of_expected": "Completion of expected",
    "dna_of_booked": "DNA of booked",
    "dna_of_expected": "DNA of expected",
    "cancellation": "Cancellation of booked",
    "fill": "Fill of capacity",
    "take_up": "Take-up of capacity",
    "return_rate": "Response rate",
}
HAVE_PEOPLE = {"booked", "walk_ins", *(outcome.slug for outcome in OUTCOMES)}
COLUMNS = (
    COURSE,
    *(
        Column(head=head, key=key, kind=Kind.COUNT, has_people=key in HAVE_PEOPLE)
        for key, head in COUNTS.items()
    ),
    *(Column(head=head, key=key, kind=Kind.RATE) for key, head in RATES.items()),
)
PLACES = [key for key in COUNTS if not key.startswith("evaluations")]
MOST_BARS, MOST_MONTHS = 16, 24
_GIVEN_UP = [OUTCOME_OF[status].label.lower() for status in GIVEN_UP]

DEFINITIONS = (
    (
        "Booked",
        "Bookings that were ever confirmed, on course dates that start in the period, less bookings passed on. "
        "A course date counts once it is over or called off.",
    ),
    (
        "Outcomes",
        f"Every booked place ends in exactly one: {', '.join(each.label.lower() for each in OUTCOMES)}. "
        "In every row and total, they add up to Booked.",
    ),
    (OUTCOME_OF[Status.CONFIRMED].label, OUTCOME_OF[Status.CONFIRMED].definition),
    ("Walk-ins", "People who came without a booking. They do not count as Booked."),
    ("Trained", "Completed, plus walk-ins who completed."),
    ("Expected", f"Booked, less {listed(_GIVEN_UP)}."),
    (
        "Rates",
        "Completion and DNA are shown out of Booked and out of Expected. Cancellation counts both kinds, out of "
        "Booked. Fill is Expected plus walk-ins, out of the capacity of dates that ran. Take-up is people in the "
        "room, out of the same capacity. A dash means that there is nothing to divide by.",
    ),
    (
        "Evaluations",
        "An evaluation is due from every completed place, walk-ins included, on courses that ask for one at the "
        "end. It counts in the period of its course date, whenever it is returned.",
    ),
)


def programme_report(programme: Programme, *, partnership: str = "", address: str = "") -> Report:
    """The report of the programme by course, with totals, rates, and sentences that prove the totals."""
    totals, period = programme.totals, (programme.first, programme.last)
    proofs = [reconciliation(totals), room_identity(totals)]
    courses = Table(
        title="Figures",
        key="courses",
        columns=COLUMNS,
        rows=[_row(row.course, row.figures) for row in programme.courses],
        row_ids=[row.course_id for row in programme.courses],
        total=_row("Total", totals),
        notes=[
            f"Period: {' to '.join(map(short_date, period))}",
            f"As at: {short_moment(programme.as_at)}",
            *proofs,
        ],
    )
    outcomes = courses.pick(
        "Outcomes of booked places, by course",
        ["course", *PLACES],
        notes=[f"The figures reconcile: {proofs[0]}.", f"{proofs[1]}.", _to_come(programme.to_come)],
    )
    first = ["course", "return_rate"]
    rates = courses.pick(
        "Rates and evaluations, by course", [*first, *(key for key in RATES if key not in first)]
    )
    return Report(
        title="Training programme",
        period=period,
        as_at=programme.as_at,
        partnership=partnership,
        address=address,
        tables=[courses],
        printed=[outcomes, rates],
        definitions=DEFINITIONS,
        headlines=_headlines(totals),
        pictures=pictures(programme),
        also={"still_to_come": asdict(programme.to_come)},
    )


def _row(name: str, figures: Figures) -> list[Cell]:
    outcomes = {outcome.slug: figures.of(outcome.status) for outcome in OUTCOMES}
    return [name, *(outcomes[key] if key in outcomes else getattr(figures, key) for key in (*COUNTS, *RATES))]


def _headlines(totals: Figures) -> list[tuple[str, str]]:
    returned, due = totals.return_rate
    return [
        (f"{totals.booked:,}", "place booked" if totals.booked == 1 else "places booked"),
        (
            percentage(totals.completion_of_booked.value),
            f"completed: {totals.completed:,} of {totals.booked:,}",
        ),
        (percentage(totals.return_rate.value), f"evaluations returned: {returned:,} of {due:,} due"),
        (f"{totals.not_recorded:,}", "of them with no outcome recorded"),
    ]


def _to_come(coming: ToCome) -> str:
    return (
        f"Not over yet in this period, so not in the figures: {coming.events:,} course dates with "
        f"{coming.places_held:,} of {coming.capacity:,} places held."
    )


def pictures(programme: Programme) -> list[Picture]:
    """The two charts of a programme, each with its message as title."""
    totals = programme.totals
    have = "has" if totals.not_recorded == 1 else "have"
    missing = f"; {totals.not_recorded:,} {have} no outcome" if totals.not_recorded else ""
    became = f"{totals.completed:,} of {totals.booked:,} booked places were completed{missing}"
    back = f"{totals.evaluations_returned:,} of {totals.evaluations_due:,} evaluations were returned"
    return [
        Picture(
            "outcomes",
            became if totals.booked else "No places were booked in this period",
            partial(_outcomes, programme) if programme.courses else None,
        ),
        Picture(
            "returns",
            back if totals.evaluations_due else "No evaluations were due in this period",
            partial(_returns, programme) if totals.evaluations_due else None,
        ),
    ]


def _outcomes(programme: Programme, width: float) -> Drawing:
    """A bar for each of the most booked courses, as many as fit legibly on one sheet."""
    rows = sorted(programme.courses, key=lambda row: (-row.figures.booked, row.course))[:MOST_BARS]
    return stacked_bars(
        [Series(each.label, each.colour, each.counts_as is CountsAs.UNKNOWN) for each in OUTCOMES],
        [(row.course, [row.figures.of(each.status) for each in OUTCOMES]) for row in rows],
        width=width,
    )


def _returns(programme: Programme, width: float) -> Drawing:
    """A column for each month in which course dates began."""
    rows = [
        (month(day)[:3], figures.evaluations_due, figures.evaluations_returned)
        for day, figures in list(programme.months.items())[-MOST_MONTHS:]
    ]
    return columns(rows, whole="due", part="returned", width=width)
