"""Bars in one colour: how many of each kind, and what part of the whole."""

from collections.abc import Sequence

from reportlab.graphics.shapes import Drawing

from training_hub.paper.charts import BAR, NARROW, WIDE
from training_hub.paper.sketch import LINE, PAGE_TYPE, TEXT, Sketch, page_width
from training_hub.paper.style import COLOURS, wrap


def bars(rows: Sequence[tuple[str, int, str]], *, width: float = WIDE) -> Drawing:
    """A bar for each row: its name, its number, and the words at its end, such as "112 (35.0%)"."""
    sketch = Sketch(width)
    narrow = width < NARROW
    names = 0.0 if narrow else width * 0.24
    at_end = max((page_width(words, bold=True) for _, _, words in rows), default=0.0) + 10
    most = max((number for _, number, _ in rows), default=0)
    for label, number, words in rows:
        lines = wrap(label, (width if narrow else names - 14) / PAGE_TYPE, TEXT)
        written = LINE * len(lines)
        block = written + 4 + BAR if narrow else max(written, BAR + 4)
        first = sketch.y if narrow else sketch.y + (block - written) / 2
        top = sketch.y + (written + 4 if narrow else (block - BAR) / 2)
        for place, line in enumerate(lines):
            sketch.words(0, line, y=first + LINE * place + 14)
        long = (width - names - at_end) * number / most if most else 0.0
        if number:
            sketch.box(names, top, max(long, 2), BAR, COLOURS["brand"])
        sketch.words(names + long + 7, words, y=top + BAR / 2 + 5, bold=True)
        sketch.down(block + (10 if narrow else 6))
    return sketch.drawing()
