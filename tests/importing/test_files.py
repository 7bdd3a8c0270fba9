"""Reading files: what can be read, and one sentence for what cannot."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.importing.table import COLUMNS, as_csv, as_xlsx, row
from training_hub.importing.files import read
from training_hub.importing.rules import rows_of
from training_hub.importing.workbooks import Unreadable


def refusal(file: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        read(file)
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_csv_file_is_read_with_or_without_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    file = as_csv(tmp_path / "b.csv", [row("Siân Llŷr", email="sian@example.org")], encoding=encoding)
    rows, faults = rows_of(read(file))
    assert faults == []
    assert [(one.line, one.name, one.starts_on, one.capacity) for one in rows] == [
        (2, "Siân Llŷr", date(2019, 4, 25), 24)
    ]


def test_a_workbook_imports_the_same_as_the_csv(tmp_path: Path) -> None:
    plain = as_csv(tmp_path / "b.csv", [row("Ann Lee", event="101"), row("Ben Ito", event="101")])
    real = [row(name, event=101, capacity=24, starts_on=date(2019, 4, 25)) for name in ("Ann Lee", "Ben Ito")]
    book = as_xlsx(tmp_path / "b.xlsx", real)
    assert rows_of(read(book)) == rows_of(read(plain))


def test_columns_in_any_order_and_empty_lines_are_accepted(tmp_path: Path) -> None:
    file = as_csv(
        tmp_path / "b.csv", [row(), dict.fromkeys(COLUMNS, " "), row("Ben Ito")], columns=COLUMNS[::-1]
    )
    rows, faults = rows_of(read(file))
    assert ([(one.line, one.email) for one in rows], faults) == (
        [(2, "ann.lee@example.org"), (4, "ben.ito@example.org")],
        [],
    )


def test_line_numbers_allow_for_line_breaks_in_cells(tmp_path: Path) -> None:
    file = as_csv(tmp_path / "b.csv", [row("Ann Lee", agency="Hoole\nLane\nSchool"), row("Ben Ito")])
    assert [line.number for line in read(file)] == [2, 5]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "b.csv is empty."),
        (b"\n\n", "b.csv is empty."),
        (
            b"course;event;starts_on\n",
            "b.csv is not divided by commas: save it again as “CSV UTF-8 (comma delimited)”.",
        ),
        (
            ",".join(COLUMNS).encode() + b"\nNeglect,E1,2019-04-25,24,Caf\xe9,A,a@example.org,,,\n",
            "b.csv is not in UTF-8 (line 2 has a character that is not): "
            "save it again as “CSV UTF-8”, or as .xlsx.",
        ),
        (",".join(COLUMNS).encode("utf-16"), None),
        (
            ",".join(COLUMNS).encode() + b"\na\0b,E1\n",
            "b.csv is not a text file: save it again as “CSV UTF-8”, or as .xlsx.",
        ),
        (",".join(COLUMNS).encode(), "b.csv has a heading and no rows below it."),
        (
            ",".join(COLUMNS).encode() + b'\n"never closed,E1\n',
            "b.csv is not a well-formed CSV file: line 2: unexpected end of data.",
        ),
        (
            ",".join(COLUMNS).encode() + b"\n1,2,3,4,5,6,7,8,9,10,11\n",
            "b.csv: line 2 has more cells than there are columns in the heading.",
        ),
        (
            b"course,event,course,start,capacity,agency,name,email,outcome,walk_in,evaluation\nx\n",
            "The columns of b.csv are wrong (missing: starts_on; unknown: “start”; twice: course). They must be: "
            "course, event, starts_on, capacity, agency, name, email, outcome, walk_in, evaluation.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "b.csv is an old or protected Excel file: save it as .xlsx, without a password.",
        ),
        (
            b"PK\x03\x04rubbish",
            "b.csv is not a whole Excel workbook: save it again as .xlsx, or as “CSV UTF-8”.",
        ),
    ],
)
def test_an_unreadable_file_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, sentence: str | None
) -> None:
    file = tmp_path / "b.csv"
    file.write_bytes(content)
    said = refusal(file)
    assert said == (sentence or said)
    assert "\n" not in said


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == f"There is no file {tmp_path / 'none.csv'}."
    with (tmp_path / "huge.csv").open("wb") as huge:
        huge.truncate(51 * 1024 * 1024)
    assert refusal(tmp_path / "huge.csv") == "huge.csv is larger than 50 MB: divide it into several files."


def unfolding(file: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (151 * 1024 * 1024))


def far_out(file: Path) -> None:
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet().write(1_048_575, 16_383, "x")


def one_text_named_by_all(file: Path) -> None:
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number in range(20_000):
            sheet.write_string(number, 0, "x" * 32_000)


@pytest.mark.parametrize("bomb", [unfolding, far_out, one_text_named_by_all])
def test_a_zip_bomb_workbook_is_refused(tmp_path: Path, bomb: Callable[[Path], None]) -> None:
    file = tmp_path / "b.xlsx"
    bomb(file)
    assert file.stat().st_size < 1024 * 1024
    assert refusal(file) == "b.xlsx is too large when it is unpacked: divide it into several files."
