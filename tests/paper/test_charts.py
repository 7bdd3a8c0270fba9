import gzip
import re
from xml.etree import ElementTree

import pytest
from reportlab.graphics.shapes import Circle, Drawing

from tests.paper.reading import body, read
from training_hub.paper.charts import columns, months_line, outcome_bars, outcome_strip
from training_hub.paper.document import document
from training_hub.paper.means import Mean, means_line
from training_hub.paper.pieces import chart
from training_hub.paper.style import OUTCOME_COLOURS, outcome_words
from training_hub.paper.svg import responsive_svg, to_svg

SVG = "{http://www.w3.org/2000/svg}"

COUNTS = {"completed": 302, "did_not_attend": 19, "cancelled": 78, "not_recorded": 50}


def drawn(drawing: Drawing, **options: str) -> ElementTree.Element:
    named = {"title": "Title", "description": "Description", "id_prefix": "c", **options}
    return ElementTree.fromstring(to_svg(drawing, **named))  # noqa: S314  # our own


def words(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def fills(svg: ElementTree.Element) -> list[str]:
    return [box.get("stroke") or box.get("fill") or "" for box in svg.iter(f"{SVG}rect")]


def test_a_strip_says_every_outcome_in_order_with_its_count_and_their_sum() -> None:
    assert words(drawn(outcome_strip(COUNTS)))[-8:] == [
        "Completed 302",
        "Partial 0",
        "Did not attend 19",
        "Cancelled 78",
        "Cancelled late 0",
        "Event cancelled 0",
        "Not recorded 50",
        "Booked 449",
    ]


def test_segments_are_as_wide_as_their_counts_and_fill_the_bar() -> None:
    boxes = list(drawn(outcome_strip(COUNTS, width=449)).iter(f"{SVG}rect"))[:4]
    assert [(float(box.get("x", "")), fill) for box, fill in zip(boxes, fills_of(boxes), strict=True)] == [
        (0, OUTCOME_COLOURS["completed"]),
        (302, OUTCOME_COLOURS["did_not_attend"]),
        (321, OUTCOME_COLOURS["cancelled"]),
        (399.8, OUTCOME_COLOURS["not_recorded"]),
    ]


def fills_of(boxes: list[ElementTree.Element]) -> list[str]:
    return [box.get("stroke") or box.get("fill") or "" for box in boxes]


def test_not_recorded_differs_in_more_than_colour() -> None:
    box = next(
        box for box in drawn(outcome_strip({"not_recorded": 5})).iter(f"{SVG}rect") if box.get("stroke")
    )
    assert (box.get("fill"), box.get("stroke")) == ("#ffffff", OUTCOME_COLOURS["not_recorded"])


def test_bars_name_their_course_their_counts_and_their_sum() -> None:
    svg = drawn(outcome_bars([("Neglect", {"completed": 59, "cancelled": 20}), ("New", {})], width=1000))
    assert words(svg) == ["Completed", "Cancelled", "Neglect", "59", "20", "79", "New", "0"]


def test_a_count_that_does_not_fit_its_segment_is_left_to_the_table() -> None:
    svg = drawn(outcome_bars([("Neglect", {"completed": 590, "cancelled": 1})], width=400))
    assert words(svg) == ["Completed", "Cancelled", "Neglect", "590", "591"]


def test_on_a_phone_the_course_stands_above_its_bar() -> None:
    phone, desk = (drawn(outcome_bars([("Neglect", COUNTS)], width=width)) for width in (360, 720))
    first = [next(svg.iter(f"{SVG}rect")) for svg in (phone, desk)]
    bars = [
        next(b for b in svg.iter(f"{SVG}rect") if b.get("height") == "22").get("x") for svg in (phone, desk)
    ]
    assert (bars, [box.get("x") for box in first]) == (["0", "259.2"], ["0", "0"])


def test_with_share_every_bar_is_equally_long() -> None:
    svg = drawn(outcome_bars([("A", {"completed": 3}), ("B", {"completed": 300})], share=True))
    assert len({box.get("width") for box in svg.iter(f"{SVG}rect") if box.get("height") == "22"}) == 1


def test_columns_say_the_whole_and_the_part_of_each_month() -> None:
    svg = drawn(columns("Returns fell after July", [("Jul", 120, 60), ("Aug", 0, 0), ("Sep", 140, 50)]))
    assert words(svg) == [
        "Returns fell after July",
        "Completed",
        "of them returned",
        *("Jul", "120", "60"),
        *("Aug", "0"),
        *("Sep", "140", "50"),
    ]


def test_two_years_of_columns_on_a_phone_name_as_many_as_fit() -> None:
    months = [(f"M{number}", 100 + number, 0) for number in range(24)]
    svg = drawn(columns("", months, width=360))
    assert words(svg)[2:] == [
        word for number in range(0, 24, 2) for word in (f"M{number}", str(100 + number), "0")
    ]


def test_a_month_without_a_figure_leaves_a_gap_in_the_line() -> None:
    rows = [("Apr", 50), ("May", 40), ("Jun", None), ("Jul", 30), ("Aug", 20)]
    svg = drawn(months_line("Return rate", rows, unit=" %", target=95))
    assert (words(svg), len(list(svg.iter(f"{SVG}polyline")))) == (
        ["Return rate", "Aim 95%", "Apr", "50%", "May", "40%", "Jun", "Jul", "30%", "Aug", "20%"],
        2,
    )


@pytest.mark.parametrize(
    "drawing",
    [
        outcome_strip({}),
        outcome_bars([]),
        outcome_bars([("A", {})], width=360),
        columns("", []),
        months_line("", []),
        months_line("", [("Apr", None)]),
    ],
    ids=["strip", "bars", "a bar", "columns", "line", "a month"],
)
def test_a_chart_of_nothing_can_still_be_drawn(drawing: Drawing) -> None:
    pdf = document("Report", partnership="P", story=[chart(drawing)])
    assert (len(read(pdf).pages), drawn(drawing).tag) == (1, f"{SVG}svg")


def test_an_inline_drawing_is_named_described_and_free_of_style() -> None:
    svg = to_svg(outcome_strip(COUNTS), title="A & B", description='<"x">', id_prefix="places")
    root = ElementTree.fromstring(svg)  # noqa: S314  # our own
    title, description = root[0], root[1]
    assert (
        root.get("role"),
        root.get("aria-labelledby"),
        (title.get("id"), title.text),
        (description.get("id"), description.text),
        root.get("viewBox", "").startswith("0 0 720 "),
        re.findall(r"style=|class=\"(?!chart\")|<\?|<!|font-family", svg),
        svg.__html__(),
    ) == (
        "img",
        "places-title places-description",
        ("places-title", "A & B"),
        ("places-description", '<"x">'),
        True,
        [],
        svg,
    )


def test_the_phone_s_drawing_and_the_desk_s_share_no_identifier() -> None:
    svg = responsive_svg(
        lambda width: outcome_strip(COUNTS, width=width), title="T", description="D", id_prefix="p"
    )
    assert (re.findall(r'id="([^"]+)"', svg), re.findall(r'class="([^"]+)"', svg)) == (
        ["p-narrow-title", "p-narrow-description", "p-wide-title", "p-wide-description"],
        ["chart chart-narrow", "chart chart-wide"],
    )


def test_words_in_a_drawing_are_escaped() -> None:
    assert words(drawn(outcome_bars([("<script> & 'co'", {"completed": 1})])))[1] == "<script> & 'co'"


def test_a_chart_of_fourteen_courses_is_under_three_kilobytes_over_the_wire() -> None:
    rows = [(f"Working Together to Safeguard Children {number}", COUNTS) for number in range(14)]
    svg = to_svg(outcome_bars(rows), title="T", description="D", id_prefix="c")
    assert len(gzip.compress(svg.encode())) < 3_000


def test_a_shape_that_no_chart_uses_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"^a chart is drawn of rectangles, lines and words, not of Circle$"):
        to_svg(Drawing(10, 10, Circle(5, 5, 5)), title="T", description="D", id_prefix="c")


def test_the_drawing_in_the_document_says_what_the_one_on_the_page_says() -> None:
    bars = outcome_bars([("Neglect", {"completed": 59, "cancelled": 20})])
    pdf = document("Report", partnership="Anytown Partnership", story=[chart(bars)])
    assert body(pdf) == words(drawn(bars))


def test_a_chart_taller_than_a_page_is_made_to_fit_it() -> None:
    tall = outcome_bars([("Course", {"completed": 3})] * 90)
    pdfs = [document("R", partnership="P", story=[chart(tall)], landscape=turned) for turned in (False, True)]
    assert [len(read(pdf).pages) for pdf in pdfs] == [1, 1]


def test_outcomes_stand_in_the_order_in_which_they_are_always_shown() -> None:
    assert [outcome_words(outcome) for outcome in OUTCOME_COLOURS] == [
        "Completed",
        "Partial",
        "Did not attend",
        "Cancelled",
        "Cancelled late",
        "Event cancelled",
        "Not recorded",
    ]


def test_means_stand_on_the_whole_scale_with_a_gap_where_there_is_none_and_say_what_is_new() -> None:
    rows = [
        Mean(lines=("Jan to Mar", "6 answers"), now=5, before=1),
        Mean(lines=("Apr to Jun", "0 answers"), now=None),
        Mean(lines=("Jul to Sep", "8 answers"), now=4, before=2, mark="Version 2"),
        Mean(lines=("Oct to Dec", "9 answers"), now=4.26, before=2),
    ]
    svg = drawn(means_line("", rows, low="Low", high="High", height=200))
    said = words(svg)
    assert [text for text in said if text[0].isdigit() and "." in text] == [
        "1.0",
        "2.0",
        "2.0",
        "5.0",
        "4.0",
        "4.3",
    ]
    assert {"5 High", "1 Low", "Version 2", "Now", "Before the course", "Apr to Jun", "0 answers"} <= set(
        said
    )
    dots = [float(box.get("y", "")) for box in svg.iter(f"{SVG}rect") if box.get("rx")]
    # From 1 to 5 is the whole height: a mean of 1 lies 200 beneath one of 5, and 2 lies 50 above it.
    assert (dots[0] - dots[3], dots[0] - dots[1]) == (200, 50)
    joined = [line for line in svg.iter(f"{SVG}polyline") if line.get("stroke-width") == "2.5"]
    assert [len(line.get("points", "").split()) for line in joined] == [2, 2]


def test_means_of_nothing_can_still_be_drawn() -> None:
    assert words(drawn(means_line("", []))) == ["5", "1"]
