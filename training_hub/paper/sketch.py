"""What charts are drawn with: bars, words and rules, from the top down."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from reportlab.graphics.shapes import Drawing, Line, PolyLine, Rect, Shape, String
from reportlab.lib.colors import HexColor

from training_hub.paper.style import (
    BOLD,
    COLOURS,
    OUTCOME_COLOURS,
    REGULAR,
    figure,
    load_fonts,
    text_width,
    wrap,
)

Counts = Mapping[str, int]

TEXT = 14
LINE = 18
SWATCH = 12

# The type of a reader's own system runs wider than the type that we measure with, bold most of all.
PAGE_TYPE = 1.2
PAGE_BOLD = 1.35

# Drawn hollow, so that the outcome which must be noticed differs in more than colour.
HOLLOW = "not_recorded"


def page_width(text: str, *, size: float = TEXT, bold: bool = False) -> float:
    """How wide `text` may be in the type of whoever looks at the page."""
    return text_width(text, size, bold=bold) * (PAGE_BOLD if bold else PAGE_TYPE)


class Sketch:
    """A drawing that grows downwards: `y` is how far one is from the top, as a page is read.

    How high it will be is known at the end only, and reportlab counts from the bottom: so shapes
    wait for the height.
    """

    def __init__(self, width: float, title: str) -> None:
        load_fonts()
        self.width = width
        self.y = 0.0
        self.shapes: list[Callable[[float], Shape]] = []
        for line in wrap(title, width / PAGE_BOLD, 17, bold=True) if title else []:
            self.down(22)
            self.words(0, line, y=self.y - 5, size=17, bold=True)
        if title:
            self.down(8)

    def down(self, pixels: float) -> None:
        self.y += pixels

    def drawing(self) -> Drawing:
        return Drawing(self.width, self.y, *(shape(self.y) for shape in self.shapes))

    def words(
        self,
        x: float,
        text: str,
        *,
        y: float,
        size: float = TEXT,
        bold: bool = False,
        colour: str = COLOURS["ink"],
        anchor: str = "start",
    ) -> None:
        self.shapes.append(
            lambda height: String(
                x,
                height - y,
                text,
                fontSize=size,
                fontName=BOLD if bold else REGULAR,
                fillColor=HexColor(colour),
                textAnchor=anchor,
            )
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        tall: float,
        fill: str,
        *,
        outline: str | None = None,
        round_by: float = 0,
    ) -> None:
        # An outline is drawn inside its box: on the edge it would be wider than what it stands for.
        inset = 0.75 if outline else 0.0
        self.shapes.append(
            lambda height: Rect(
                x + inset,
                height - y - tall + inset,
                max(width - 2 * inset, 0.1),
                max(tall - 2 * inset, 0.1),
                rx=round_by,
                ry=round_by,
                fillColor=HexColor(fill),
                strokeColor=HexColor(outline) if outline else None,
                strokeWidth=1.5,
            )
        )

    def rule(self, x: float, y: float, to: float) -> None:
        self.shapes.append(
            lambda height: Line(
                x, height - y, to, height - y, strokeColor=HexColor(COLOURS["control"]), strokeWidth=1
            )
        )

    def line(
        self, points: Sequence[tuple[float, float]], *, colour: str = COLOURS["brand"], thick: float = 2.5
    ) -> None:
        """A line through the points; one point alone has none."""
        if len(points) > 1:
            self.shapes.append(
                lambda height: PolyLine(
                    [part for x, y in points for part in (x, height - y)],
                    strokeColor=HexColor(colour),
                    strokeWidth=thick,
                )
            )

    def swatch(self, x: float, y: float, width: float, tall: float, outcome: str) -> None:
        colour = OUTCOME_COLOURS[outcome]
        if outcome == HOLLOW:
            self.box(x, y, width, tall, COLOURS["page"], outline=colour)
        else:
            self.box(x, y, width, tall, colour)

    def segments(self, x: float, y: float, tall: float, counts: Counts, scale: float) -> float:
        """The outcomes side by side, each with its count where that fits; where the bar ends."""
        for outcome, colour in OUTCOME_COLOURS.items():
            count = counts.get(outcome, 0)
            if count <= 0:
                continue
            width = count * scale
            # A white gap keeps neighbours apart for eyes that see their colours alike.
            gap = 1.0 if width > 3 else 0.0
            self.swatch(x, y, width - gap, tall, outcome)
            if page_width(figure(count), bold=True) + 4 <= width:
                self.words(
                    x + (width - gap) / 2,
                    figure(count),
                    y=y + tall / 2 + 5,
                    bold=True,
                    colour=colour if outcome == HOLLOW else COLOURS["page"],
                    anchor="middle",
                )
            x += width
        return x

    def legend(self, items: Sequence[tuple[str, str]]) -> None:
        """Swatches with their words, in as many lines as they take; words alone where no outcome is named."""
        self._flow(
            [
                (partial(self.swatch, width=SWATCH, tall=SWATCH, outcome=outcome) if outcome else None, words)
                for outcome, words in items
            ]
        )

    def key(self, items: Sequence[tuple[str, str]]) -> None:
        """The same for a chart whose colours are not outcomes."""
        self._flow(
            [
                (partial(self.box, width=SWATCH, tall=SWATCH, fill=colour, outline=COLOURS["brand"]), words)
                for colour, words in items
            ]
        )

    def _flow(self, items: Sequence[tuple[Callable[[float, float], None] | None, str]]) -> None:
        x = 0.0
        for mark, words in items:
            lead = SWATCH + 6 if mark else 0
            wide = lead + page_width(words, bold=not mark)
            if x and x + wide > self.width:
                x = 0.0
                self.down(LINE + 4)
            if mark:
                mark(x, self.y + 2)
            self.words(x + lead, words, y=self.y + 13, bold=not mark)
            x += wide + 12
        self.down(LINE + 8)
