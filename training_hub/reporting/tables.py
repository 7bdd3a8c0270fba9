"""The one table of a programme's figures, from which CSV, XLSX and JSON are written: the same columns, in one order."""

from training_hub.bookings.models.status import GIVEN_UP, OUTCOME_OF, OUTCOMES, Status
from training_hub.reporting.models import Figures, Report

COUNTS: dict[str, str] = {
    "booked": "Booked",
    **{outcome.slug: outcome.label for outcome in OUTCOMES},
    "walk_ins": "Walk-ins",
    "trained": "Trained",
    "expected": "Expected",
    "capacity": "Capacity",
    "evaluations_due": "Evaluations due",
    "evaluations_returned": "Evaluations returned",
}

RATES: dict[str, str] = {
    "completion_of_booked": "Completion of booked",
    "completion_of_expected": "Completion of expected",
    "dna_of_booked": "DNA of booked",
    "dna_of_expected": "DNA of expected",
    "cancellation": "Cancellation of booked",
    "fill": "Fill of capacity",
    "take_up": "Take-up of capacity",
    "return_rate": "Return rate of due",
}

DEFINITIONS: list[tuple[str, str]] = [
    (
        "Booked",
        "Bookings on course dates that start in the period and were ever confirmed, less those passed on. "
        "A course date enters the figures once it is over, or when it was called off.",
    ),
    (
        "Outcomes",
        f"Every booked place ends in exactly one: {', '.join(each.label.lower() for each in OUTCOMES)}. "
        "Their sum is Booked in every row and total.",
    ),
    (OUTCOME_OF[Status.CONFIRMED].label, OUTCOME_OF[Status.CONFIRMED].definition),
    ("Walk-ins", "People who came without a booking; counted apart from Booked."),
    ("Trained", "Completed, and walk-ins who completed."),
    ("Expected", f"Booked, less {', '.join(OUTCOME_OF[status].label.lower() for status in GIVEN_UP)}."),
    (
        "Rates",
        "Completion and DNA are given of booked and of expected; cancellation is both kinds, of booked. Fill is "
        "people expected and walk-ins, of the capacity of dates that ran; "
        "take-up is people in the room of the same capacity. A rate with nothing to divide by is a dash.",
    ),
    (
        "Evaluations",
        "Due from every completed place, walk-ins included, on courses that ask one at the end. Returned counts "
        "those that came back, whenever they did, in the course date's period.",
    ),
]


def figures_row(figures: Figures) -> dict[str, int | float | None]:
    """Every count as a whole number and every rate as a number from 0 to 1, unrounded, or None."""
    outcomes = {outcome.slug: figures.of(outcome.status) for outcome in OUTCOMES}
    return {
        name: outcomes[name] if name in outcomes else getattr(figures, name) for name in (*COUNTS, *RATES)
    }


def rows_of(report: Report) -> list[tuple[str, Figures]]:
    """The report's rows as files print them: each course, then the total."""
    return [*((row.course, row.figures) for row in report.courses), ("Total", report.totals)]
