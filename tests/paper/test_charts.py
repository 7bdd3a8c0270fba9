import gzip
import re
from xml.etree import ElementTree

import pytest
from reportlab.graphics.shapes import Circle, Drawing

from tests.paper.reading import body, read
from training_hub.paper.charts import columns, stacked_bars
from training_hub.paper.document import document
from training_hub.paper.means import Mean, means_line
from training_hub.paper.pieces import chart
from training_hub.paper.sketch import Series
from training_hub.paper.svg import responsive_svg, to_svg

SVG = "{http://www.w3.org/2000/svg}"

SERIES = (
    Series("Completed", "#1d6f42"),
    Series("Did not attend", "#a4262c"),
    Series("Cancelled", "#5b6470"),
    Series("Not recorded", "#5a2d82", is_hollow=True),
)
COUNTS = (302, 19, 78, 50)


def drawn(drawing: Drawing, **options: str) -> ElementTree.Element:
    named = {"title": "Title", "description": "Description", "id_prefix": "c", **options}
    return ElementTree.fromstring(to_svg(drawing, **named))  # noqa: S314  # our own


def words(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def bars(*rows: tuple[str, tuple[int, ...]], width: float = 720) -> Drawing:
    return stacked_bars(SERIES, rows, width=width)


def test_segments_are_as_wide_as_their_counts() -> None:
    svg = drawn(bars(("Neglect", COUNTS), width=1000))
    boxes = [box for box in svg.iter(f"{SVG}rect") if box.get("height") in ("22", "20.5")]
    widths = [float(box.get("width", "")) for box in boxes]
    colours = [box.get("stroke") or box.get("fill") for box in boxes]
    assert colours == [each.colour for each in SERIES]
    # A gap of one pixel follows each, and an outline lies within its own.
    assert round((widths[2] + 1) / (widths[0] + 1), 2) == round(78 / 302, 2)


def test_a_hollow_part_differs_in_more_than_colour() -> None:
    svg = drawn(bars(("Neglect", (0, 0, 0, 5))))
    box = next(box for box in svg.iter(f"{SVG}rect") if box.get("stroke"))
    assert (box.get("fill"), box.get("stroke")) == ("#ffffff", "#5a2d82")


def test_bars_name_their_course_their_counts_and_their_sum() -> None:
    svg = drawn(bars(("Neglect", (59, 0, 20, 0)), ("New", (0, 0, 0, 0)), width=1000))
    assert words(svg) == ["Completed", "Cancelled", "Neglect", "59", "20", "79", "New", "0"]


def test_a_count_too_wide_for_its_segment_is_left_out() -> None:
    svg = drawn(bars(("Neglect", (590, 0, 1, 0)), width=400))
    assert words(svg) == ["Completed", "Cancelled", "Neglect", "590", "591"]


def test_on_a_phone_the_course_is_above_its_bar() -> None:
    phone, desk = (drawn(bars(("Neglect", COUNTS), width=width)) for width in (360, 720))
    first = [next(svg.iter(f"{SVG}rect")) for svg in (phone, desk)]
    lefts = [
        next(b for b in svg.iter(f"{SVG}rect") if b.get("height") == "22").get("x") for svg in (phone, desk)
    ]
    assert (lefts, [box.get("x") for box in first]) == (["0", "259.2"], ["0", "0"])


def test_columns_say_the_whole_and_the_part_of_each_month() -> None:
    svg = drawn(columns([("Jul", 120, 60), ("Aug", 0, 0), ("Sep", 140, 50)], whole="due", part="returned"))
    assert words(svg) == [
        "Due",
        "Returned",
        *("Jul", "120", "60"),
        *("Aug", "0"),
        *("Sep", "140", "50"),
    ]


def test_two_years_of_columns_on_a_phone_name_as_many_as_fit() -> None:
    months = [(f"M{number}", 100 + number, 0) for number in range(24)]
    svg = drawn(columns(months, whole="due", part="returned", width=360))
    assert words(svg)[2:] == [
        word for number in range(0, 24, 2) for word in (f"M{number}", str(100 + number), "0")
    ]


@pytest.mark.parametrize(
    "drawing",
    [bars(), bars(("A", (0, 0, 0, 0)), width=360), columns([], whole="due", part="returned"), means_line([])],
    ids=["bars", "a bar", "columns", "means"],
)
def test_a_chart_of_nothing_can_still_be_drawn(drawing: Drawing) -> None:
    pdf = document("Report", partnership="P", story=[chart(drawing)])
    assert (len(read(pdf).pages), drawn(drawing).tag) == (1, f"{SVG}svg")


def test_an_inline_drawing_is_named_described_and_free_of_style() -> None:
    svg = to_svg(bars(("Neglect", COUNTS)), title="A & B", description='<"x">', id_prefix="places")
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


def test_narrow_and_wide_drawings_share_no_ids() -> None:
    svg = responsive_svg(
        lambda width: bars(("Neglect", COUNTS), width=width), title="T", description="D", id_prefix="p"
    )
    assert (re.findall(r'id="([^"]+)"', svg), re.findall(r'class="([^"]+)"', svg)) == (
        ["p-narrow-title", "p-narrow-description", "p-wide-title", "p-wide-description"],
        ["chart chart-narrow", "chart chart-wide"],
    )


def test_words_in_a_drawing_are_escaped() -> None:
    assert words(drawn(bars(("<script> & 'co'", (1, 0, 0, 0)))))[1] == "<script> & 'co'"


def test_a_chart_of_14_courses_is_under_3_kilobytes_gzipped() -> None:
    rows = [(f"Working Together to Safeguard Children {number}", COUNTS) for number in range(14)]
    svg = to_svg(bars(*rows), title="T", description="D", id_prefix="c")
    assert len(gzip.compress(svg.encode())) < 3_000


def test_a_shape_that_no_chart_uses_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"^a chart is drawn of rectangles, lines and words, not of Circle$"):
        to_svg(Drawing(10, 10, Circle(5, 5, 5)), title="T", description="D", id_prefix="c")


def test_pdf_and_page_draw_the_same_chart() -> None:
    drawing = bars(("Neglect", (59, 0, 20, 0)))
    pdf = document("Report", partnership="Anytown Partnership", story=[chart(drawing)])
    assert body(pdf) == words(drawn(drawing))


def test_a_chart_taller_than_a_page_is_made_to_fit_it() -> None:
    tall = bars(*[("Course", (3, 0, 0, 0))] * 90)
    pdfs = [document("R", partnership="P", story=[chart(tall)], landscape=turned) for turned in (False, True)]
    assert [len(read(pdf).pages) for pdf in pdfs] == [1, 1]


def test_means_use_the_whole_scale_and_leave_gaps() -> None:
    rows = [
        Mean(lines=("Jan to Mar", "6 answers"), now=5, before=1),
        Mean(lines=("Apr to Jun", "0 answers"), now=None),
        Mean(lines=("Jul to Sep", "8 answers"), now=4, before=2, mark="Version 2"),
        Mean(lines=("Oct to Dec", "9 answers"), now=4.26, before=2),
    ]
    svg = drawn(means_line(rows, low="Low", high="High"))
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


def test_a_means_chart_without_rows_can_be_drawn() -> None:
    assert words(drawn(means_line([]))) == ["5", "1"]
