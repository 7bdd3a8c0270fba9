"""Drawing charts from the top down, with bars, words and lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from reportlab.graphics.shapes import Drawing, Line, PolyLine, Rect, Shape, String
from reportlab.lib.colors import HexColor

from training_hub.paper.style import BOLD, COLOURS, REGULAR, figure, load_fonts, text_width

TEXT = 14
LINE = 18
SWATCH = 12

# Fonts on readers' own devices can be wider than the font that we measure with, above all in bold.
PAGE_TYPE = 1.2
PAGE_BOLD = 1.35


@dataclass(frozen=True)
class Series:
    """One part of every bar: its label in the legend, and its colour."""

    label: str
    colour: str
    is_hollow: bool = False
    """Whether the part is drawn as an outline, so that it differs from others in more than colour."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """The style of words, and the part of them that is at their x: "start", "middle" or "end"."""

    size: float = TEXT
    bold: bool = False
    colour: str = COLOURS["ink"]
    anchor: str = "start"


PLAIN = Look()
BOLD_WORDS = Look(bold=True)


def page_width(text: str, *, size: float = TEXT, bold: bool = False) -> float:
    """The greatest width that `text` may have in the font of a reader's browser."""
    return text_width(text, size, bold=bold) * (PAGE_BOLD if bold else PAGE_TYPE)


class Sketch:
    """A drawing that grows downwards. `y` is the distance of the next shape from the top.

    reportlab counts from the bottom, so shapes are only placed once the height of the whole drawing is known.
    """

    def __init__(self, width: float) -> None:
        load_fonts()
        self.width = width
        self.y = 0.0
        self.shapes: list[Callable[[float], Shape]] = []

    def down(self, pixels: float) -> None:
        self.y += pixels

    def drawing(self) -> Drawing:
        return Drawing(self.width, self.y, *(shape(self.y) for shape in self.shapes))

    def words(self, x: float, text: str, *, y: float, look: Look = PLAIN) -> None:
        self.shapes.append(
            lambda height: String(
                x,
                height - y,
                text,
                fontSize=look.size,
                fontName=BOLD if look.bold else REGULAR,
                fillColor=HexColor(look.colour),
                textAnchor=look.anchor,
            )
        )

    def box(
        self, x: float, y: float, width: float, tall: float, fill: str, *, outline: str | None = None
    ) -> None:
        # Draw the outline inside the box. On its edge, the box would look wider than its value.
        inset = 0.75 if outline else 0.0
        self.shapes.append(
            lambda height: Rect(
                x + inset,
                height - y - tall + inset,
                max(width - 2 * inset, 0.1),
                max(tall - 2 * inset, 0.1),
                fillColor=HexColor(fill),
                strokeColor=HexColor(outline) if outline else None,
                strokeWidth=1.5,
            )
        )

    def dot(self, x: float, y: float, colour: str) -> None:
        """A dot around this point."""
        self.shapes.append(
            lambda height: Rect(
                x - 5, height - y - 5, 10, 10, rx=5, ry=5, fillColor=HexColor(colour), strokeColor=None
            )
        )

    def rule(self, y: float) -> None:
        """A line from side to side."""
        self.shapes.append(
            lambda height: Line(
                0, height - y, self.width, height - y, strokeColor=HexColor(COLOURS["control"]), strokeWidth=1
            )
        )

    def line(
        self, points: Sequence[tuple[float, float]], *, colour: str = COLOURS["brand"], thick: float = 2.5
    ) -> None:
        """A line through the points. Draws nothing for a single point."""
        if len(points) > 1:
            self.shapes.append(
                lambda height: PolyLine(
                    [part for x, y in points for part in (x, height - y)],
                    strokeColor=HexColor(colour),
                    strokeWidth=thick,
                )
            )

    def swatch(self, x: float, y: float, width: float, tall: float, series: Series) -> None:
        if series.is_hollow:
            self.box(x, y, width, tall, COLOURS["page"], outline=series.colour)
        else:
            self.box(x, y, width, tall, series.colour)

    def segments(
        self, x: float, y: float, tall: float, parts: Sequence[tuple[Series, int]], scale: float
    ) -> float:
        """Draw the parts side by side, each with its count if that fits. Returns the x at which the bar ends."""
        for series, count in parts:
            if count <= 0:
                continue
            width = count * scale
            # A white gap separates parts for people who cannot tell their colours apart.
            gap = 1.0 if width > 3 else 0.0
            self.swatch(x, y, width - gap, tall, series)
            if page_width(figure(count), bold=True) + 4 <= width:
                colour = series.colour if series.is_hollow else COLOURS["page"]
                look = Look(bold=True, colour=colour, anchor="middle")
                self.words(x + (width - gap) / 2, figure(count), y=y + tall / 2 + 5, look=look)
            x += width
        return x

    def legend(self, series: Sequence[Series]) -> None:
        """Draw colour swatches with their labels, on as many lines as needed."""
        self._flow(
            [(partial(self.swatch, width=SWATCH, tall=SWATCH, series=each), each.label) for each in series]
        )

    def key(self, items: Sequence[tuple[str, str]]) -> None:
        """Draw a legend for colours that have an outline."""
        self._flow(
            [
                (partial(self.box, width=SWATCH, tall=SWATCH, fill=colour, outline=COLOURS["brand"]), words)
                for colour, words in items
            ]
        )

    def _flow(self, items: Sequence[tuple[Callable[[float, float], None], str]]) -> None:
        x = 0.0
        lead = SWATCH + 6
        for mark, words in items:
            wide = lead + page_width(words)
            if x and x + wide > self.width:
                x = 0.0
                self.down(LINE + 4)
            mark(x, self.y + 2)
            self.words(x + lead, words, y=self.y + 13)
            x += wide + 12
        self.down(LINE + 8)
