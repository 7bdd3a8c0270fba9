"""The two pictures of a programme, drawn once for page and PDF, each titled with what it says."""

from reportlab.graphics.shapes import Drawing

from training_hub.bookings.models.status import OUTCOMES, CountsAs
from training_hub.paper import charts as charts_paper
from training_hub.paper.sketch import Series
from training_hub.reporting.models import Report

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def outcomes_title(report: Report) -> str:
    """What became of the places, said in one line."""
    totals = report.totals
    if not totals.booked:
        return "No places were booked in this period"
    have = "has" if totals.not_recorded == 1 else "have"
    missing = f"; {totals.not_recorded:,} {have} no outcome" if totals.not_recorded else ""
    return f"{totals.completed:,} of {totals.booked:,} booked places were completed{missing}"


def outcomes(report: Report, width: float) -> Drawing:
    """A bar for each of the 16 most booked courses, in the seven outcomes: as many as one sheet shows legibly."""
    rows = sorted(report.courses, key=lambda row: (-row.figures.booked, row.course))[:16]
    return charts_paper.stacked_bars(
        [Series(each.label, each.colour, each.counts_as is CountsAs.UNKNOWN) for each in OUTCOMES],
        [(row.course, [row.figures.of(each.status) for each in OUTCOMES]) for row in rows],
        width=width,
    )


def returns_title(report: Report) -> str:
    """What the evaluations did, said in one line."""
    totals = report.totals
    if not totals.evaluations_due:
        return "No evaluations were due in this period"
    return f"{totals.evaluations_returned:,} of {totals.evaluations_due:,} evaluations came back"


def returns(report: Report, width: float) -> Drawing:
    """Evaluations due and returned, a column for each month that the course dates began in."""
    rows = [
        (
            MONTHS[row.month.month - 1],
            row.figures.evaluations_due,
            row.figures.evaluations_returned,
        )
        for row in report.months[-24:]
    ]
    return charts_paper.columns(rows, whole="due", part="returned", width=width)
