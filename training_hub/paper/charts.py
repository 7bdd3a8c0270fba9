"""Charts for pages and PDFs, drawn once in CSS pixels.

Charts are rectangles, lines and words: telling a chart library what to leave out takes more code. In charts narrower
than `NARROW` pixels the words go above the bars.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

from reportlab.graphics.shapes import Drawing

from training_hub.paper.sketch import BOLD_WORDS, LINE, PAGE_TYPE, TEXT, Look, Series, Sketch, page_width
from training_hub.paper.style import COLOURS, figure, wrap

NARROW = 560
WIDE = 720
BAR, COLUMN = 22.0, 180.0
"""The thickness of a bar, and the height of the tallest column."""


def stacked_bars(
    series: Sequence[Series], rows: Sequence[tuple[str, Sequence[int]]], *, width: float = WIDE
) -> Drawing:
    """A bar for each row: its name, a part for each of `series`, and their sum.

    The legend leaves out parts that are zero in all rows. A row without counts is labelled 0.
    """
    sketch = Sketch(width)
    sketch.legend([each for place, each in enumerate(series) if any(counts[place] for _, counts in rows)])
    narrow = width < NARROW
    names = 0.0 if narrow else width * 0.36
    most = max((sum(counts) for _, counts in rows), default=0)
    at_end = page_width(figure(most), bold=True) + 8
    scale = (width - names - at_end) / most if most else 0.0
    for label, counts in rows:
        top, block = _label_bar(sketch, label, names, gap=6)
        end = sketch.segments(names, top, BAR, list(zip(series, counts, strict=True)), scale)
        sketch.words(end + 6, figure(sum(counts)), y=top + BAR / 2 + 5, look=BOLD_WORDS)
        sketch.down(block + (12 if narrow else 8))
    return sketch.drawing()


def bars(rows: Sequence[tuple[str, int, str]], *, width: float = WIDE) -> Drawing:
    """A bar for each row: its name, its number, and the words at its end, such as "112 (35.0%)"."""
    sketch = Sketch(width)
    names = 0.0 if width < NARROW else width * 0.24
    at_end = max((page_width(words, bold=True) for _, _, words in rows), default=0.0) + 10
    most = max((number for _, number, _ in rows), default=0)
    for label, number, words in rows:
        top, block = _label_bar(sketch, label, names, gap=4)
        long = (width - names - at_end) * number / most if most else 0.0
        if number:
            sketch.box(names, top, max(long, 2), BAR, COLOURS["brand"])
        sketch.words(names + long + 7, words, y=top + BAR / 2 + 5, look=BOLD_WORDS)
        sketch.down(block + (6 if names else 10))
    return sketch.drawing()


def _label_bar(sketch: Sketch, label: str, names: float, *, gap: float) -> tuple[float, float]:
    """Write a bar's label. Returns the top of the bar, and the height of both.

    `names` is the width for labels to the left of the bars. If it is 0, each bar goes under its label.
    """
    lines = wrap(label, (names - 14 if names else sketch.width) / PAGE_TYPE, TEXT)
    written = LINE * len(lines)
    block = max(written, BAR + 4) if names else written + gap + BAR
    first = sketch.y + (block - written) / 2 if names else sketch.y
    for place, line in enumerate(lines):
        sketch.words(0, line, y=first + LINE * place + 14)
    return sketch.y + ((block - BAR) / 2 if names else written + gap), block


def columns(rows: Sequence[tuple[str, int, int]], *, whole: str, part: str, width: float = WIDE) -> Drawing:
    """A column for each row, filled in part. The height is the whole, such as due, and the filling the part returned.

    If columns are too close for their labels, only every second or third one has a label.
    """
    sketch = Sketch(width)
    sketch.key([(COLOURS["tint"], whole.capitalize()), (COLOURS["brand"], part.capitalize())])
    sketch.down(20)
    size = 12 if width < NARROW else TEXT
    look = Look(size=size, anchor="middle")
    floor = sketch.y + COLUMN
    most = max((of for _, of, _ in rows), default=0) or 1
    step = width / max(len(rows), 1)
    thick = min(step * 0.78, 56)
    every = _every(step, [label for label, _, _ in rows], [figure(of) for _, of, _ in rows], size)
    for place, (label, of, some) in enumerate(rows):
        centre = (place + 0.5) * step
        tall, filled = of / most * COLUMN, some / most * COLUMN
        left = centre - thick / 2
        if of:
            sketch.box(left, floor - tall, thick, tall, COLOURS["tint"], outline=COLOURS["brand"])
        if some:
            sketch.box(left, floor - filled, thick, filled, COLOURS["brand"])
        if place % every:
            continue
        sketch.words(centre, label, y=floor + size + 5, look=look)
        sketch.words(centre, figure(of), y=floor - tall - 5, look=replace(look, bold=True))
        if page_width(figure(some), size=size) > thick:
            continue
        if filled >= size + 6:
            inside = replace(look, colour=COLOURS["page"])
            sketch.words(centre, figure(some), y=floor - filled + size + 1, look=inside)
        elif tall - filled >= size + 6:
            sketch.words(centre, figure(some), y=floor - filled - 4, look=look)
    sketch.rule(floor)
    sketch.down(COLUMN + size + 10)
    return sketch.drawing()


def _every(step: float, labels: Sequence[str], figures: Sequence[str], size: float) -> int:
    """1 if the labels of all columns fit side by side, 2 if only those of every second column fit, and so on."""
    widest = max(
        [page_width(label, size=size) for label in labels]
        + [page_width(text, size=size, bold=True) for text in figures],
        default=0.0,
    )
    return max(1, ceil(widest / step))
