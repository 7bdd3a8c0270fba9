"""Charts: drawn once, in CSS pixels, for the sheet and for the page.

They are drawn of rectangles, lines and words, which is less than a chart library needs telling to
leave out what we do not want. Under `NARROW` pixels the words stand above the bars.
"""

from collections.abc import Sequence
from math import ceil

from reportlab.graphics.shapes import Drawing

from training_hub.paper.sketch import LINE, PAGE_TYPE, TEXT, Counts, Sketch, page_width
from training_hub.paper.style import COLOURS, OUTCOME_COLOURS, figure, outcome_words, wrap

NARROW = 560
WIDE = 720
BAR = 22.0


def outcome_bars(
    rows: Sequence[tuple[str, Counts]], *, width: float = WIDE, share: bool = False, title: str = ""
) -> Drawing:
    """A bar for each row, in the seven outcomes, with its counts and its sum.

    Bars are as long as their counts; with `share` all are equally long, to compare rates. An outcome
    that no row has is left out of the legend; what has no bar at all says 0.
    """
    sketch = Sketch(width, title)
    present = [outcome for outcome in OUTCOME_COLOURS if any(counts.get(outcome) for _, counts in rows)]
    sketch.legend([(outcome, outcome_words(outcome)) for outcome in present])
    narrow = width < NARROW
    names = 0.0 if narrow else width * 0.36
    sums = [_sum(counts) for _, counts in rows]
    beside = page_width(figure(max(sums, default=0)), bold=True) + 8
    longest = width - names - beside
    for (label, counts), total in zip(rows, sums, strict=True):
        lines = wrap(label, (width if narrow else names - 14) / PAGE_TYPE, TEXT)
        written = LINE * len(lines)
        # Beside one another, words and bar share a middle; otherwise the bar stands under the words.
        block = written + 6 + BAR if narrow else max(written, BAR + 4)
        first = sketch.y if narrow else sketch.y + (block - written) / 2
        top = sketch.y + (written + 6 if narrow else (block - BAR) / 2)
        for place, line in enumerate(lines):
            sketch.words(0, line, y=first + LINE * place + 14)
        scale = longest / (total if share else max(sums)) if total else 0.0
        end = sketch.segments(names, top, BAR, counts, scale)
        sketch.words(end + 6, figure(total), y=top + BAR / 2 + 5, bold=True)
        sketch.down(block + (12 if narrow else 8))
    return sketch.drawing()


def outcome_strip(counts: Counts, *, width: float = WIDE, title: str = "", total: str = "Booked") -> Drawing:
    """One bar in seven segments, and beneath it each outcome in words with its count, zeros too."""
    sketch = Sketch(width, title)
    booked = _sum(counts)
    sketch.segments(0, sketch.y, 32, counts, width / booked if booked else 0.0)
    if not booked:
        sketch.box(0, sketch.y, width, 32, COLOURS["panel"])
    sketch.down(32 + 10)
    items = [
        (outcome, f"{outcome_words(outcome)} {figure(counts.get(outcome, 0))}") for outcome in OUTCOME_COLOURS
    ]
    sketch.legend([*items, ("", f"{total} {figure(booked)}")])
    return sketch.drawing()


def columns(
    title: str,
    rows: Sequence[tuple[str, int, int]],
    *,
    whole: str = "completed",
    part: str = "returned",
    width: float = WIDE,
    height: float = 180,
) -> Drawing:
    """A column for each row, a part of it filled: so many completed, so many of them returned.

    Where columns are too close for their words, every second one has them, or every third.
    """
    sketch = Sketch(width, title)
    sketch.key([(COLOURS["tint"], whole.capitalize()), (COLOURS["brand"], f"of them {part}")])
    size = 12 if width < NARROW else TEXT
    sketch.down(20)
    top, floor = sketch.y, sketch.y + height
    most = max((of for _, of, _ in rows), default=0) or 1
    step = width / max(len(rows), 1)
    thick = min(step * 0.78, 56)
    every = _every(step, [label for label, _, _ in rows], [figure(of) for _, of, _ in rows], size)
    for place, (label, of, some) in enumerate(rows):
        centre = (place + 0.5) * step
        tall, filled = of / most * height, some / most * height
        if of:
            sketch.box(
                centre - thick / 2, floor - tall, thick, tall, COLOURS["tint"], outline=COLOURS["brand"]
            )
        if some:
            sketch.box(centre - thick / 2, floor - filled, thick, filled, COLOURS["brand"])
        if place % every == 0:
            sketch.words(centre, label, y=floor + size + 5, size=size, anchor="middle")
            sketch.words(centre, figure(of), y=floor - tall - 5, size=size, bold=True, anchor="middle")
        room = place % every == 0 and page_width(figure(some), size=size) <= thick
        if room and filled >= size + 6:
            sketch.words(
                centre,
                figure(some),
                y=floor - filled + size + 1,
                size=size,
                colour=COLOURS["page"],
                anchor="middle",
            )
        elif room and of and tall - filled >= size + 6:
            sketch.words(centre, figure(some), y=floor - filled - 4, size=size, anchor="middle")
    sketch.rule(0, floor, width)
    sketch.down(floor - top + size + 10)
    return sketch.drawing()


def months_line(
    title: str,
    rows: Sequence[tuple[str, float | None]],
    *,
    unit: str = "",
    target: float | None = None,
    width: float = WIDE,
    height: float = 140,
) -> Drawing:
    """A line through the months, each point with its figure; a month without one leaves a gap.

    Where the points are too close for `unit` it is left to the title: have it say "%" too.
    """
    sketch = Sketch(width, title)
    size = 12 if width < NARROW else TEXT
    known = [value for _, value in rows if value is not None]
    most = max([*known, target or 0]) or 1
    sketch.down(24)
    top, floor = sketch.y, sketch.y + height
    step = width / max(len(rows), 1)
    if target is not None:
        level = floor - target / most * height
        sketch.rule(0, level, width)
        sketch.words(0, f"Aim {figure(target)}{unit}", y=level - 5, size=size, colour=COLOURS["muted"])
    labels = [label for label, _ in rows]
    shown = unit if _every(step, labels, [f"{figure(value)}{unit}" for value in known], size) == 1 else ""
    every = _every(step, labels, [f"{figure(value)}{shown}" for value in known], size)
    run: list[tuple[float, float]] = []
    for place, (label, value) in enumerate(rows):
        centre = (place + 0.5) * step
        if place % every == 0:
            sketch.words(centre, label, y=floor + size + 7, size=size, anchor="middle")
        if value is None:
            sketch.line(run)
            run = []
            continue
        y = floor - value / most * height
        run.append((centre, y))
        sketch.box(centre - 4, y - 4, 8, 8, COLOURS["brand"], round_by=4)
        if place % every == 0:
            sketch.words(centre, f"{figure(value)}{shown}", y=y - 10, size=size, bold=True, anchor="middle")
    sketch.line(run)
    sketch.rule(0, floor, width)
    sketch.down(floor - top + size + 12)
    return sketch.drawing()


def _every(step: float, labels: Sequence[str], figures: Sequence[str], size: float) -> int:
    """1 if the words of every column fit side by side, 2 if only those of every second do, and so on."""
    widest = max(
        [page_width(label, size=size) for label in labels]
        + [page_width(text, size=size, bold=True) for text in figures],
        default=0.0,
    )
    return max(1, ceil(widest / step))


def _sum(counts: Counts) -> int:
    return sum(counts.get(outcome, 0) for outcome in OUTCOME_COLOURS)
