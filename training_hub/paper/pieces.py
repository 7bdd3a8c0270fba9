"""The pieces of a document, apart from tables and charts."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

import segno
from reportlab.graphics.shapes import Drawing, Path, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, Paragraph, Spacer, Table

from training_hub.paper.style import (
    BOLD,
    COLOURS,
    REGULAR,
    figure,
    load_fonts,
    shrink,
    text_style,
    text_width,
    wrap,
)

# A drawing is in CSS pixels, a sheet in points: 96 against 72 to the inch.
POINTS_PER_PIXEL = 0.75

# A heading near the foot of a page moves to the next page unless this much fits below it.
ROOM_UNDER_HEADING = 90

# The tallest piece that must fit on one page, in points.
PORTRAIT_WIDTH = 520
PORTRAIT_ROOM = 680
LANDSCAPE_ROOM = 430

# The most lines of text in a row of a table. Taller rows are split.
TALLEST_ROW = 28


class Fitted(Flowable):  # type: ignore[misc]  # reportlab has no stubs
    """A piece that is made once its width is known. A `whole` one is never split."""

    def __init__(
        self, make: Callable[[float], Flowable], *, before: float, after: float, whole: bool = False
    ) -> None:
        super().__init__()
        self.make = make
        self.made: Any = None
        self.before = before
        self.after = after
        self.whole = whole

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.made = self.made or self.make(width)
        wide, high = self.made.wrap(width, height)
        return float(wide), float(high)

    def split(self, width: float, height: float) -> list[Flowable]:
        self.made = self.made or self.make(width)
        return list(self.made.split(width, height))

    def drawOn(self, canvas: Any, x: float, y: float, _sW: float = 0) -> None:  # noqa: N802, N803 - ReportLab's names
        self.made.drawOn(canvas, x, y, _sW)

    def getSpaceBefore(self) -> float:  # noqa: N802 - ReportLab's name
        return self.before

    def getSpaceAfter(self) -> float:  # noqa: N802 - ReportLab's name
        return self.after


class Heading(Paragraph):  # type: ignore[misc]  # reportlab has no stubs
    """A heading that is never alone at the foot of a page.

    reportlab's own keepWithNext would move a heading and a long table after it to a new page.
    """

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        wide, high = super().wrap(width, height)
        fits = height >= high + ROOM_UNDER_HEADING
        return wide, high if fits else max(high, height + 1)

    def split(self, width: float, height: float) -> list[Flowable]:
        return []


def paragraph(text: str, style: str = "body", *, link: str = "") -> Paragraph:
    """`text` exactly as typed. `link` adds an address to follow."""
    words = escape(text).replace("\n", "<br/>")
    if link:
        address = escape(link)
        words += f'<a href="{address}" color="{COLOURS["brand"]}" underline="1">{address}</a>'
    kind = Heading if style in ("h1", "h2") else Paragraph
    return kind(words, text_style(style))


def space(points: float = 12) -> Flowable:
    return Spacer(1, points)


def chart(drawn: Drawing | Callable[[float], Drawing]) -> Flowable:
    """A chart at its printed size, or narrower if the page is. If `drawn` is a function, it gets the page's width."""

    def make(width: float) -> Drawing:
        drawing = drawn(width / POINTS_PER_PIXEL) if callable(drawn) else drawn
        # A drawing cannot be split over two pages, and reportlab fails if it does not fit on one.
        tallest = LANDSCAPE_ROOM if width > PORTRAIT_WIDTH else PORTRAIT_ROOM
        drawing.renderScale = min(width / drawing.width, tallest / drawing.height, POINTS_PER_PIXEL)
        return drawing

    return Fitted(make, before=4, after=12, whole=True)


def headline_row(figures: Sequence[tuple[str | int | None, str]]) -> Flowable:
    """Panels, each with a large number and its label."""
    load_fonts()

    def make(width: float) -> Drawing:
        gap, inset = 10.0, 12.0
        panel = (width - gap * (len(figures) - 1)) / len(figures)
        words = [wrap(text, panel - 2 * inset, 9.5) for _, text in figures]
        height = 50 + 12 * max(len(lines) for lines in words)
        drawing = Drawing(width, height)
        for place, ((value, _), lines) in enumerate(zip(figures, words, strict=True)):
            left = place * (panel + gap)
            drawing.add(
                Rect(
                    left, 0, panel, height, rx=3, ry=3, fillColor=HexColor(COLOURS["tint"]), strokeColor=None
                )
            )
            size, number = shrink(figure(value), panel - 2 * inset, largest=26, smallest=12, bold=True)
            drawing.add(_words(left + inset, height - 34, number[0], size, BOLD, "brand_dark"))
            for row, line in enumerate(lines):
                drawing.add(_words(left + inset, height - 50 - row * 12, line, 9.5, REGULAR, "ink"))
        return drawing

    return Fitted(make, before=8, after=12, whole=True) if figures else space(0)


def _words(x: float, y: float, text: str, size: float, font: str, colour: str) -> String:
    return String(x, y, text, fontSize=size, fontName=font, fillColor=HexColor(COLOURS[colour]))


def fields(rows: Iterable[tuple[str, str]]) -> Flowable:
    """Facts, one on each line, with the label in bold before the value."""
    return _pairs([(name, figure(value)) for name, value in rows], size=10.5, ruled=False)


def definitions(rows: Iterable[tuple[str, str]]) -> Flowable:
    """The definitions printed at the end of a report."""
    return _pairs(list(rows), size=9, ruled=True)


def _pairs(rows: Sequence[tuple[str, str]], *, size: float, ruled: bool) -> Flowable:
    load_fonts()

    def make(width: float) -> Table:
        names = min(width * 0.3, 16 + max(text_width(name, size, bold=True) for name, _ in rows))
        cells, ends = over_pages(
            [wrap(name, names - 8, size, bold=True), wrap(text, width - names, size)] for name, text in rows
        )
        style: list[tuple[Any, ...]] = [
            ("FONT", (0, 0), (-1, -1), REGULAR, size, size * 1.35),
            ("FONT", (0, 0), (0, -1), BOLD, size, size * 1.35),
            ("TEXTCOLOR", (0, 0), (-1, -1), COLOURS["ink"]),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ]
        if ruled:
            style += [("LINEBELOW", (0, row), (-1, row), 0.5, COLOURS["row"]) for row in ends]
        return Table(cells, colWidths=[names, width - names], style=style)

    if not rows:
        return space(0)
    return Fitted(make, before=2, after=10)


def over_pages(rows: Iterable[Sequence[list[str]]]) -> tuple[list[list[str]], list[int]]:
    """Rows of wrapped cells for a table, and the index of the last table row of each.

    A row taller than a page becomes several, because reportlab cannot always split such a row itself.
    """
    cells: list[list[str]] = []
    ends: list[int] = []
    for row in rows:
        for start in range(0, max(map(len, row)), TALLEST_ROW):
            cells.append(["\n".join(lines[start : start + TALLEST_ROW]) for lines in row])
        ends.append(len(cells) - 1)
    return cells, ends


def qr(text: str, size: float = 72) -> Drawing:
    """A QR code of `text`, `size` points square, as one filled shape that stays sharp in print."""
    matrix = segno.make(text, error="m", micro=False).matrix
    # The code needs a white border of four modules, or phones do not find it.
    module = size / (len(matrix) + 8)
    shape = Path(fillColor=HexColor(COLOURS["ink"]), strokeColor=None)
    for row, line in enumerate(matrix):
        bottom = size - (row + 5) * module
        for start, length in _runs(bytes(line)):
            left = (start + 4) * module
            right = left + length * module
            shape.moveTo(left, bottom)
            shape.lineTo(right, bottom)
            shape.lineTo(right, bottom + module)
            shape.lineTo(left, bottom + module)
            shape.closePath()
    drawing = Drawing(size, size)
    drawing.add(shape)
    return drawing


def _runs(line: bytes) -> Iterable[tuple[int, int]]:
    """The start and length of each run of dark modules in a line."""
    start = None
    for place, dark in enumerate([*line, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
