"""Means of answers from 1 to 5, from one quarter to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from reportlab.graphics.shapes import Drawing

from training_hub.paper.charts import NARROW, WIDE
from training_hub.paper.sketch import TEXT, Look, Sketch, page_width
from training_hub.paper.style import COLOURS

LOWEST, HIGHEST = 1, 5
HEIGHT = 200
"""The height of the scale, in pixels."""


@dataclass(frozen=True, kw_only=True)
class Mean:
    """One quarter: the label lines under it, and its mean. The mean is None without answers."""

    lines: tuple[str, ...]
    now: float | None
    before: float | None = None
    mark: str = ""
    """The label of a change in this quarter, such as a new version."""


@dataclass(frozen=True, kw_only=True)
class _Grid:
    """The positions of the scale and the quarters, in pixels."""

    top: float
    step: float
    """The width of a quarter."""
    places: Sequence[float]
    """The middle of each quarter."""
    every: int
    """1 if every quarter has room for its label, 2 if every second one has, and so on."""
    look: Look

    def level(self, value: float) -> float:
        return self.top + (HIGHEST - value) / (HIGHEST - LOWEST) * HEIGHT


def means_line(rows: Sequence[Mean], *, low: str = "", high: str = "", width: float = WIDE) -> Drawing:
    """A line through the means, and a second line through those for before the course, if there are any.

    The chart shows the whole scale, so that a small change looks small. A quarter without answers leaves a gap. A
    vertical line marks a quarter in which something changed.
    """
    sketch = Sketch(width)
    has_before = any(row.before is not None for row in rows)
    if has_before:
        sketch.key([(COLOURS["brand"], "Now"), (COLOURS["control"], "Before the course")])
        sketch.down(8)
    size = 12 if width < NARROW else TEXT
    sketch.down(size + 10 if any(row.mark for row in rows) else 6)
    grid = _grid(sketch, rows, size)
    _draw_scale(sketch, grid, low, high)
    for place, row in zip(grid.places, rows, strict=True):
        if row.mark:
            _draw_mark(sketch, grid, place - grid.step / 2, row.mark)
    if has_before:
        _draw_line(sketch, grid, [row.before for row in rows], COLOURS["control"], lift=-size - 8)
    _draw_line(sketch, grid, [row.now for row in rows], COLOURS["brand"], lift=11)
    for place, row in list(zip(grid.places, rows, strict=True))[:: grid.every]:
        for number, line in enumerate(row.lines):
            look = replace(grid.look, anchor="middle", colour=COLOURS["muted" if number else "ink"])
            sketch.words(place, line, y=grid.level(LOWEST) + (size + 4) * (number + 1) + 4, look=look)
    sketch.down(14 + HEIGHT + (size + 4) * max((len(row.lines) for row in rows), default=0) + 12)
    return sketch.drawing()


def _grid(sketch: Sketch, rows: Sequence[Mean], size: float) -> _Grid:
    left = max(page_width("5", size=size), 28)
    step = (sketch.width - left) / max(len(rows), 1)
    widest = max((page_width(line, size=size) for row in rows for line in row.lines), default=0.0)
    return _Grid(
        top=sketch.y + 14,
        step=step,
        places=[left + (number + 0.5) * step for number in range(len(rows))],
        every=max(1, ceil((widest + 6) / step)),
        look=Look(size=size, colour=COLOURS["muted"]),
    )


def _draw_scale(sketch: Sketch, grid: _Grid, low: str, high: str) -> None:
    for point, name in ((HIGHEST, high), (LOWEST, low)):
        sketch.words(0, f"{point} {name}".strip(), y=grid.level(point) - 5, look=grid.look)
    for point in range(LOWEST, HIGHEST + 1):
        across = [(0, grid.level(point)), (sketch.width, grid.level(point))]
        sketch.line(across, colour=COLOURS["row"], thick=1)


def _draw_mark(sketch: Sketch, grid: _Grid, x: float, words: str) -> None:
    sketch.line([(x, grid.top - 8), (x, grid.level(LOWEST))], colour=COLOURS["control"], thick=1)
    is_near_end = x + page_width(words, size=grid.look.size) > sketch.width
    look = replace(grid.look, anchor="end" if is_near_end else "start")
    sketch.words(x, words, y=grid.top - 14, look=look)


def _draw_line(
    sketch: Sketch, grid: _Grid, values: Sequence[float | None], colour: str, *, lift: float
) -> None:
    """Draw a line through these values, each with its number `lift` pixels above the dot."""
    look = Look(size=grid.look.size, bold=True, anchor="middle")
    run: list[tuple[float, float]] = []
    for number, (x, value) in enumerate(zip(grid.places, values, strict=True)):
        if value is None:
            sketch.line(run, colour=colour)
            run = []
            continue
        y = grid.level(value)
        run.append((x, y))
        sketch.dot(x, y, colour)
        if number % grid.every == 0:
            sketch.words(x, f"{value:.1f}", y=y - lift, look=look)
    sketch.line(run, colour=colour)
