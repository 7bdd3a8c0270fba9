"""Means of answers from 1 to 5, from one quarter to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reportlab.graphics.shapes import Drawing

from training_hub.paper.charts import NARROW, WIDE
from training_hub.paper.sketch import TEXT, Sketch, page_width
from training_hub.paper.style import COLOURS

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, kw_only=True)
class Mean:
    """One quarter: the lines under it, and its mean, or None without answers."""

    lines: tuple[str, ...]
    now: float | None
    before: float | None = None
    mark: str = ""
    """What is new from this quarter on."""


def means_line(
    rows: Sequence[Mean], *, low: str = "", high: str = "", width: float = WIDE, height: float = 200
) -> Drawing:
    """A line through the means, and a second one for before the course if there is one.

    It shows the whole scale, so that a small change looks small. A quarter without answers leaves a gap, and an
    upright line marks what is new from there on.
    """
    sketch = Sketch(width)
    has_before = any(row.before is not None for row in rows)
    if has_before:
        sketch.key([(COLOURS["brand"], "Now"), (COLOURS["control"], "Before the course")])
        sketch.down(8)
    size = 12 if width < NARROW else TEXT
    marked = [row.mark for row in rows if row.mark]
    sketch.down(size + 10 if marked else 6)
    top, floor = sketch.y + 14, sketch.y + 14 + height
    names = [f"{LOWEST} {low}".strip(), f"{HIGHEST} {high}".strip()]
    sketch.words(0, names[1], y=top - 5, size=size, colour=COLOURS["muted"])
    sketch.words(0, names[0], y=floor - 5, size=size, colour=COLOURS["muted"])

    def level(value: float) -> float:
        return floor - (value - LOWEST) / (HIGHEST - LOWEST) * height

    for point in range(LOWEST, HIGHEST + 1):
        sketch.line([(0, level(point)), (width, level(point))], colour=COLOURS["row"], thick=1)
    left = max(page_width("5", size=size), 28)
    step = (width - left) / max(len(rows), 1)
    widest = max((page_width(line, size=size) for row in rows for line in row.lines), default=0.0)
    every = max(1, ceil((widest + 6) / step))
    places = [left + (number + 0.5) * step for number in range(len(rows))]
    for place, row in zip(places, rows, strict=True):
        if row.mark:
            edge = place - step / 2
            sketch.line([(edge, top - 8), (edge, floor)], colour=COLOURS["control"], thick=1)
            near = edge + page_width(row.mark, size=size) > width
            sketch.words(
                edge,
                row.mark,
                y=top - 14,
                size=size,
                colour=COLOURS["muted"],
                anchor="end" if near else "start",
            )

    def through(values: Sequence[float | None], colour: str, *, lift: float) -> None:
        run: list[tuple[float, float]] = []
        for number, (place, value) in enumerate(zip(places, values, strict=True)):
            if value is None:
                sketch.line(run, colour=colour)
                run = []
                continue
            y = level(value)
            run.append((place, y))
            sketch.box(place - 5, y - 5, 10, 10, colour, round_by=5)
            if number % every == 0:
                sketch.words(place, f"{value:.1f}", y=y - lift, size=size, bold=True, anchor="middle")
        sketch.line(run, colour=colour)

    if has_before:
        through([row.before for row in rows], COLOURS["control"], lift=-size - 8)
    through([row.now for row in rows], COLOURS["brand"], lift=11)
    for number, (place, row) in enumerate(zip(places, rows, strict=True)):
        if number % every == 0:
            for place_of_line, line in enumerate(row.lines):
                sketch.words(
                    place,
                    line,
                    y=floor + (size + 4) * (place_of_line + 1) + 4,
                    size=size,
                    colour=COLOURS["ink"] if place_of_line == 0 else COLOURS["muted"],
                    anchor="middle",
                )
    sketch.down(14 + height + (size + 4) * max((len(row.lines) for row in rows), default=0) + 12)
    return sketch.drawing()
