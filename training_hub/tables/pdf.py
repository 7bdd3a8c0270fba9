"""A report as a PDF in the house style. The web page is its accessible version, and the PDF says so."""

from typing import IO

from reportlab.platypus import Flowable

from training_hub.paper.document import document
from training_hub.paper.pieces import chart, definitions, headline_row, paragraph, space
from training_hub.paper.tables import figure_table
from training_hub.tables.table import Cell, Kind, Rate, Report, Table
from training_hub.wording import rate, short_date, short_moment

WORDS = (Kind.NAME, Kind.PROSE, Kind.DAY)


def write(report: Report, file: IO[bytes]) -> None:
    """Write the headline figures, tables with their notes, charts and definitions."""
    story: list[Flowable] = [headline_row(report.headlines), space()]
    for table in report.printed or report.tables:
        story += _section(table)
    for picture in report.pictures:
        story.append(paragraph(picture.title, "h2"))
        if picture.draw is not None:
            story.append(chart(picture.draw))
    if report.definitions:
        story += [paragraph("What the words mean", "h2"), definitions(report.definitions)]
    file.write(
        document(
            report.title,
            partnership=report.partnership,
            subject=report.period_words,
            as_at=short_moment(report.as_at),
            landscape=True,
            twin=report.address,
            made_at=report.as_at,
            story=story,
        )
    )


def _section(table: Table) -> list[Flowable]:
    figures = figure_table(
        [column.head for column in table.columns],
        [list(map(_printed, row)) for row in table.rows],
        total=None if table.total is None else list(map(_printed, table.total)),
        align="".join("l" if column.kind in WORDS else "r" for column in table.columns),
    )
    notes = [paragraph(note) for note in table.notes]
    return [paragraph(table.title, "h2"), figures, *([space(), *notes] if notes else [])]


def _printed(cell: Cell) -> str | float | None:
    if isinstance(cell, Rate):
        # Put each rate above its two counts, because a row of many rates has no room for both on one line.
        return rate(*cell).replace(" (", "\n(")
    return short_date(cell) if not isinstance(cell, str | int | float | None) else cell
