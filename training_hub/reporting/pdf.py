"""A report as a PDF, in the house style. The web page is its accessible twin, and the PDF says so."""

from reportlab.platypus import Flowable

from training_hub.bookings.models.status import OUTCOMES
from training_hub.paper import document as document_paper
from training_hub.paper import pieces as pieces_paper
from training_hub.paper import tables as tables_paper
from training_hub.reporting import charts
from training_hub.reporting.files import period_words
from training_hub.reporting.models import Report
from training_hub.reporting.rules import reconciliation, room_identity
from training_hub.reporting.tables import DEFINITIONS, rows_of
from training_hub.wording import percentage, rate, short_moment


def as_pdf(report: Report, *, partnership: str, twin: str = "") -> bytes:
    """The programme on paper: headline figures, the two charts, the table, its proofs, and what the words mean."""
    totals = report.totals
    story = [
        pieces_paper.headline_row(
            [
                (f"{totals.booked:,}", "place booked" if totals.booked == 1 else "places booked"),
                (
                    percentage(totals.completion_of_booked),
                    f"completed: {totals.completed:,} of {totals.booked:,}",
                ),
                (
                    percentage(totals.return_rate),
                    f"evaluations returned: {totals.evaluations_returned:,} of {totals.evaluations_due:,} due",
                ),
                (f"{totals.not_recorded:,}", "of them with no outcome recorded"),
            ]
        ),
        pieces_paper.space(),
        pieces_paper.paragraph("What became of every booked place, by course", "h2"),
        _outcomes_table(report),
        pieces_paper.space(),
        pieces_paper.paragraph(f"The figures reconcile: {reconciliation(totals)}."),
        pieces_paper.paragraph(f"{room_identity(totals)}."),
        pieces_paper.paragraph(_to_come(report)),
        pieces_paper.paragraph("Rates and evaluations, by course", "h2"),
        _rates_table(report),
        *_pictures(report),
        pieces_paper.paragraph("What the words mean", "h2"),
        pieces_paper.definitions(DEFINITIONS),
    ]
    return document_paper.document(
        "Training programme",
        partnership=partnership,
        subject=period_words(report),
        as_at=short_moment(report.as_at),
        landscape=True,
        twin=twin,
        made_at=report.as_at,
        story=story,
    )


def _outcomes_table(report: Report) -> Flowable:
    head = [
        "Course",
        "Booked",
        *(outcome.label for outcome in OUTCOMES),
        "Walk-ins",
        "Trained",
        "Expected",
        "Capacity",
    ]
    rows: list[list[str | float | None]] = [
        [
            name,
            row.booked,
            *(row.of(outcome.status) for outcome in OUTCOMES),
            row.walk_ins,
            row.trained,
            row.expected,
            row.capacity,
        ]
        for name, row in rows_of(report)
    ]
    return tables_paper.figure_table(head, rows[:-1], total=rows[-1])


def _rates_table(report: Report) -> Flowable:
    head = ["Course", "Evaluations returned of due", "Completion of booked", "Completion of expected"]
    head += [
        "DNA of booked",
        "DNA of expected",
        "Cancellation of booked",
        "Fill of capacity",
        "Take-up of capacity",
    ]
    rows: list[list[str | float | None]] = [
        [
            name,
            _stacked(row.evaluations_returned, row.evaluations_due),
            _stacked(row.completed, row.booked),
            _stacked(row.completed, row.expected),
            _stacked(row.did_not_attend, row.booked),
            _stacked(row.did_not_attend, row.expected),
            _stacked(row.cancelled_by_people, row.booked),
            _stacked(row.used, row.capacity),
            _stacked(row.in_the_room, row.capacity),
        ]
        for name, row in rows_of(report)
    ]
    return tables_paper.figure_table(head, rows[:-1], total=rows[-1], widths=[17, *[10] * 8])


def _stacked(part: int, whole: int) -> str:
    """A rate over what it is of, since eight of them side by side leave no room for both."""
    return rate(part, whole).replace(" (", "\n(")


def _pictures(report: Report) -> list[Flowable]:
    """The two charts, under what they say. Nothing has no picture, and its title says so."""
    return [
        pieces_paper.paragraph(charts.outcomes_title(report), "h2"),
        *([pieces_paper.chart(lambda width: charts.outcomes(report, width))] if report.courses else []),
        pieces_paper.paragraph(charts.returns_title(report), "h2"),
        *(
            [pieces_paper.chart(lambda width: charts.returns(report, width))]
            if report.totals.evaluations_due
            else []
        ),
    ]


def _to_come(report: Report) -> str:
    coming = report.to_come
    return (
        f"Still to come in this period, and in none of the figures: {coming.events:,} course dates with "
        f"{coming.places_held:,} of {coming.capacity:,} places held."
    )
