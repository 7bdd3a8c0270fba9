import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from reportlab.platypus import Flowable

from tests.paper.reading import body, facts, lines, links, read
from training_hub.paper.charts import stacked_bars
from training_hub.paper.document import document
from training_hub.paper.pieces import (
    chart,
    definitions,
    fields,
    headline_row,
    over_pages,
    paragraph,
)
from training_hub.paper.sketch import Series
from training_hub.paper.style import figure, shrink, text_width, wrap


def report(*story: Flowable, **options: object) -> bytes:
    return document("Report", partnership="Anytown Partnership", story=story, **options)  # type: ignore[arg-type]


def test_every_page_has_owner_number_and_moment() -> None:
    assert lines(report(paragraph("Hello"), as_at="noon")) == [
        "Anytown Partnership",
        "Training Hub",
        "Page 1 of 1",
        "As at noon",
        "Report",
        "Hello",
    ]


def test_every_page_knows_how_many_there_are() -> None:
    pdf = report(*[paragraph("Line " * 60) for _ in range(40)])
    counts = [[line for line in lines(pdf, page) if line.startswith("Page ")] for page in range(3)]
    assert (len(read(pdf).pages), counts) == (3, [["Page 1 of 3"], ["Page 2 of 3"], ["Page 3 of 3"]])


def test_a_name_prints_as_it_was_typed() -> None:
    names = ["Siân Ŵyn-Łukasz", "Żaneta Ŷork", "<b>&amp; O'Neil</b>", "50% <i>", "A & B"]
    assert body(report(*[paragraph(name) for name in names])) == names


def test_a_line_break_in_a_text_stays_one() -> None:
    assert body(report(paragraph("One\nTwo"))) == ["One", "Two"]


def test_pdf_metadata_has_title_language_and_accessible_page() -> None:
    assert facts(report(subject="A year", twin="https://hub.example/r?a=1&b=2")) == {
        "Title": "Report",
        "Author": "Anytown Partnership",
        "Subject": "A year",
        "Keywords": "Accessible version: https://hub.example/r?a=1&b=2",
        "Language": "en-GB",
    }


def test_the_accessible_twin_can_be_followed_from_the_first_page() -> None:
    assert links(report(twin="https://hub.example/r?a=1&b=2")) == ["https://hub.example/r?a=1&b=2"]


def test_headings_are_bookmarks() -> None:
    outline: Any = read(
        report(paragraph("Courses", "h2"), paragraph("Detail"), paragraph("R & D", "h2"))
    ).outline
    top, below = outline
    assert (top["/Title"], [entry["/Title"] for entry in below]) == ("Report", ["Courses", "R & D"])


def test_a_heading_moves_to_the_page_of_its_text() -> None:
    fill = [paragraph("Line " * 10) for _ in range(29)]
    pdf = report(*fill, paragraph("Heading", "h2"), paragraph("Text"))
    assert (lines(pdf, 0)[-1], body(pdf, 1)) == ("Line " * 9 + "Line", ["Heading", "Text"])


def test_a_heading_goes_over_the_page_with_the_chart_beneath_it() -> None:
    fill = [paragraph("Line " * 10) for _ in range(22)]
    bars = stacked_bars([Series("Completed", "#1d6f42")], [("Neglect", [59])] * 8)
    pdf = report(*fill, paragraph("Heading", "h2"), chart(bars))
    assert (lines(pdf, 0)[-1], body(pdf, 1)[:2]) == ("Line " * 9 + "Line", ["Heading", "Completed"])


def test_the_same_story_gives_the_same_bytes() -> None:
    made_at = datetime(2020, 4, 1, 8, 30, tzinfo=UTC)
    pdf, again = (report(paragraph("Hello"), made_at=made_at) for _ in range(2))
    metadata = read(pdf).metadata
    assert metadata is not None
    assert (pdf == again, metadata.creation_date) == (True, made_at)


def test_without_a_moment_the_file_names_none() -> None:
    metadata = read(report()).metadata
    assert metadata is not None
    assert metadata.creation_date is None


def test_documents_drawn_at_once_do_not_mix_letters() -> None:
    def draw(letter: str) -> bytes:
        return report(*[paragraph(f"{letter} {place} żŵŷł {letter.lower()}" * 9) for place in range(20)])

    letters = "ABCDEFGH"
    alone = [draw(letter) for letter in letters]
    usual = sys.getswitchinterval()
    # Threads take turns five hundred times as often as they do by themselves.
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as together:
            assert list(together.map(draw, letters * 3)) == alone * 3
    finally:
        sys.setswitchinterval(usual)


def test_headline_figures_have_their_words() -> None:
    pdf = report(headline_row([(1657, "booked"), ("42.2%", "returned: 526 of 1,245 due"), (None, "rate")]))
    assert body(pdf) == ["1,657", "booked", "42.2%", "returned: 526 of 1,245 due", "–", "rate"]


def test_facts_and_definitions_print_name_and_text() -> None:
    pdf = report(
        fields([("Where", "Wyvern House <2nd floor>")]),
        definitions([("DNA", "did not attend")]),
    )
    assert body(pdf) == [
        "Where",
        "Wyvern House <2nd floor>",
        "DNA",
        "did not attend",
    ]


def test_empty_pieces_take_no_room() -> None:
    assert body(report(fields([]), definitions([]), headline_row([]))) == []


def test_an_answer_longer_than_a_page_goes_on_over_the_page() -> None:
    answer = [f"Line {number}" for number in range(120)]
    pdf = report(fields([("Answer", "\n".join(answer))]))
    said = [line for page in range(len(read(pdf).pages)) for line in body(pdf, page)]
    assert said == ["Answer", *answer]


def test_a_row_taller_than_a_sheet_becomes_several() -> None:
    long = [str(number) for number in range(30)]
    cells, ends = over_pages([[["a"], ["b"]], [["c"], long]])
    assert (cells, ends) == ([["a", "b"], ["c", "\n".join(long[:28])], ["", "28\n29"]], [0, 2])


def test_a_word_too_long_for_a_line_is_broken() -> None:
    parts = wrap("see " + "x" * 100, 60, 10)
    assert (parts[0], "".join(parts[1:]), max(text_width(part, 10) for part in parts) <= 60) == (
        "see",
        "x" * 100,
        True,
    )


def test_a_title_is_set_smaller_until_it_fits() -> None:
    size, fitted = shrink("A title of some length", 120, largest=30, smallest=8)
    assert (fitted, text_width(fitted[0], size) <= 120 < text_width(fitted[0], size + 0.5)) == (
        ["A title of some length"],
        True,
    )


@pytest.mark.parametrize(
    ("value", "printed"),
    [(1657, "1,657"), (0, "0"), (-3, "−3"), (None, "–"), ("42.2%", "42.2%"), (2.5, "2.5")],
)
def test_figures_have_thousands_true_minus_and_dash(value: str | float | None, printed: str) -> None:
    assert figure(value) == printed
