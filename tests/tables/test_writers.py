"""One report in every kind of file: the same cells, each as its readers expect it."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from tests.paper.reading import body
from training_hub.tables.files import written
from training_hub.tables.table import Cell, Column, Kind, Picture, Rate, Report, Table

NOW = datetime(2025, 5, 6, 8, 30, tzinfo=UTC)
COLUMNS = (
    Column(head="Agency", key="agency"),
    Column(head="First day", key="first_day", kind=Kind.DAY),
    Column(head="Booked", key="booked", kind=Kind.COUNT),
    Column(head="Completion", key="completion", kind=Kind.RATE),
    Column(head="Mean", key="mean", kind=Kind.NUMBER),
)
ROWS: list[list[Cell]] = [
    ["=Police", date(2025, 4, 29), 1200, Rate(3, 4), 4.5],
    ["Schools", None, 0, Rate(0, 0), None],
]
TOTAL: list[Cell] = ["Total", None, 1200, Rate(3, 4), None]
TABLE = Table(title="By agency", key="agencies", columns=COLUMNS, rows=ROWS, total=TOTAL, notes=["A note"])
REPORT = Report(
    title="Agencies",
    period=(date(2025, 4, 1), date(2026, 3, 31)),
    as_at=NOW,
    partnership="Anytown Partnership",
    tables=[TABLE],
    notes=["About all of it"],
    definitions=[("DNA", "Did not attend")],
    headlines=[("1,200", "places booked")],
    pictures=[Picture("none", "Nothing to draw", None)],
)


def content(kind: str, report: Report = REPORT) -> bytes:
    with written(report, kind) as file:
        return file.read()


def sheets(report: Report = REPORT) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content("xlsx", report)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_csv_holds_the_table_and_nothing_else() -> None:
    assert content("csv").decode() == (
        "\ufeffAgency,First day,Booked,Completion,Mean\r\n"
        "'=Police,2025-04-29,1200,0.75,4.5\r\n"
        "Schools,,0,,\r\n"
        "Total,,1200,0.75,\r\n"
    )


def test_xlsx_has_sheets_for_table_notes_and_words() -> None:
    assert sheets() == {
        "By agency": [
            ["Agency", "First day", "Booked", "Completion", "Mean"],
            ["'=Police", date(2025, 4, 29), 1200.0, 0.75, 4.5],
            ["Schools", "", 0.0, "–", ""],
            ["Total", "", 1200.0, 0.75, ""],
            ["", "", "", "", ""],
            ["A note", "", "", "", ""],
        ],
        "About this file": [["About all of it"]],
        "What the words mean": [["DNA", "Did not attend"]],
    }


def test_json_names_its_cells_and_leaves_rates_unrounded() -> None:
    assert json.loads(content("json")) == {
        "period": {"from": "2025-04-01", "to": "2026-03-31"},
        "as_at": "2025-05-06T08:30:00+00:00",
        "totals": {"first_day": None, "booked": 1200, "completion": 0.75, "mean": None},
        "agencies": [
            {"agency": "=Police", "first_day": "2025-04-29", "booked": 1200, "completion": 0.75, "mean": 4.5},
            {"agency": "Schools", "first_day": None, "booked": 0, "completion": None, "mean": None},
        ],
    }


def test_pdf_prints_each_rate_with_its_denominator() -> None:
    pdf = content("pdf")
    said = [line for page in (0, 1) for line in body(pdf, page) if line != "Agencies"]
    assert [line for line in said if not line.startswith("As at")] == [
        "1 April 2025 to 31 March 2026",
        *("1,200", "places booked"),
        "By agency",
        *("Agency", "First day", "Booked", "Completion", "Mean"),
        *("=Police", "29 April 2025", "1,200", "75.0%", "(3 of 4)", "4.5"),
        *("Schools", "–", "0", "–", "–"),
        *("Total", "–", "1,200", "75.0%", "(3 of 4)", "–"),
        "A note",
        "Nothing to draw",
        "What the words mean",
        *("DNA", "Did not attend"),
    ]


def test_a_report_of_two_tables_fills_two_sheets_and_two_keys() -> None:
    short = TABLE.pick("Short", ["agency", "booked"])
    report = Report(
        title="Two", as_at=NOW, tables=[TABLE, Table(title="Short", columns=COLUMNS[:1], rows=[["A"]])]
    )
    assert list(sheets(report)) == ["By agency", "Short"]
    assert json.loads(content("json", report))["rows"] == [{"agency": "A"}]
    assert (short.rows, short.total) == ([("=Police", 1200), ("Schools", 0)], ("Total", 1200))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_are_read_once_as_they_are_written(kind: str) -> None:
    def rows() -> Iterator[list[Cell]]:
        yield from ([f"Agency {number}"] for number in range(3))

    report = Report(title="R", as_at=NOW, tables=[Table(title="R", columns=COLUMNS[:1], rows=rows())])
    if kind == "csv":
        assert content("csv", report).decode().split() == [
            "\ufeffAgency",
            "Agency",
            "0",
            "Agency",
            "1",
            "Agency",
            "2",
        ]
    else:
        assert sheets(report)["R"] == [["Agency"], ["Agency 0"], ["Agency 1"], ["Agency 2"]]
