"""Tables of figures, and sheets to sign."""

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable, Table

from training_hub.paper.pieces import Fitted, over_pages
from training_hub.paper.style import BOLD, COLOURS, REGULAR, figure, load_fonts, text_width, wrap

Cell = str | float | None
Style = tuple[Any, ...]
"""One command of a reportlab table."""

PADDING = 4.0
LARGEST = 9.5
SMALLEST = 7.0

# The narrowest that a column of words may become. If the table is still too wide, the type is made smaller.
WORDS = 120.0

SIGNING_ROW = 24.0


def figure_table(
    head: Sequence[str], rows: Sequence[Sequence[Cell]], total: Sequence[Cell] | None = None, align: str = ""
) -> Flowable:
    """A table of figures. Its heading is repeated on each page, and its total has a style of its own.

    `align` has a letter for each column, `l` for words and `r` for figures. Without `align`, the first
    column holds words. If the table is too wide, the type is made smaller so that no figure is split.
    """
    load_fonts()
    sides = align or "l" + "r" * (len(head) - 1)
    has_total = bool(total)
    body = [[figure(cell) for cell in row] for row in [*rows, *([total] if total else [])]]

    return Fitted(lambda width: _figures(head, body, sides, width, has_total=has_total), before=4, after=12)


def _figures(
    head: Sequence[str], body: Sequence[Sequence[str]], sides: str, width: float, *, has_total: bool
) -> Table:
    size, columns = _measure(head, body, sides, width)
    rooms = [column - 2 * PADDING + 0.1 for column in columns]
    wrapped = [[wrap(text, room, size - 0.5, bold=True) for text, room in zip(head, rooms, strict=True)]]
    for row in body:
        is_total = has_total and row is body[-1]
        wrapped.append([wrap(text, room, size, bold=is_total) for text, room in zip(row, rooms, strict=True)])
    cells, ends = over_pages(wrapped)
    style = [
        *_style((size - 0.5, (size - 0.5) * 1.2), (size, size * 1.25)),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
        *(("ALIGN", (at, 0), (at, -1), "LEFT" if side == "l" else "RIGHT") for at, side in enumerate(sides)),
    ]
    ruled = ends[1:-2] if has_total else ends[1:]
    style += [("LINEBELOW", (0, row), (-1, row), 0.5, COLOURS["row"]) for row in ruled]
    if has_total:
        style += _total_style(size)
        if len(body) > 1:
            # Without this the total could be alone on the last page.
            style.append(("NOSPLIT", (0, -2), (-1, -1)))
    return Table(cells, colWidths=columns, repeatRows=1, style=style)


def _style(head: tuple[float, float], body: tuple[float, float]) -> list[Style]:
    """The style that all tables share. `head` and `body` are each (type size, leading)."""
    return [
        ("FONT", (0, 0), (-1, 0), BOLD, *head),
        ("FONT", (0, 1), (-1, -1), REGULAR, *body),
        ("TEXTCOLOR", (0, 0), (-1, 0), COLOURS["brand_dark"]),
        ("TEXTCOLOR", (0, 1), (-1, -1), COLOURS["ink"]),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
        ("LINEBELOW", (0, 0), (-1, 0), 1.2, COLOURS["brand"]),
    ]


def _total_style(size: float) -> list[Style]:
    return [
        ("FONT", (0, -1), (-1, -1), BOLD, size, size * 1.25),
        ("BACKGROUND", (0, -1), (-1, -1), COLOURS["panel"]),
        ("LINEABOVE", (0, -1), (-1, -1), 1.2, COLOURS["brand"]),
        ("LINEBELOW", (0, -1), (-1, -1), 1.2, COLOURS["brand"]),
    ]


def _measure(
    head: Sequence[str], body: Sequence[Sequence[str]], sides: str, width: float
) -> tuple[float, list[float]]:
    """The largest type size at which no figure is split, and the width of each column at that size."""
    size = LARGEST
    while True:
        least, natural = [], []
        for place, side in enumerate(sides):
            heading = _two_lines(head[place], size - 0.5)
            # Totals are bold, so every cell is measured in bold.
            lines = (line for row in body for line in row[place].splitlines())
            cell = max((text_width(line, size, bold=True) for line in lines), default=0)
            full = max(heading, cell) + 2 * PADDING
            natural.append(full)
            least.append(max(heading + 2 * PADDING, min(full, WORDS)) if side == "l" else full)
        if sum(least) <= width or size <= SMALLEST:
            break
        size -= 0.5
    spare = width - sum(least)
    if spare < 0:
        return size, [column * width / sum(least) for column in least]
    wanted = [full - column for full, column in zip(natural, least, strict=True)]
    given = min(1.0, spare / sum(wanted)) if sum(wanted) else 0.0
    columns = [column + want * given for column, want in zip(least, wanted, strict=True)]
    # Any width left over is shared between all columns. Giving it all to the words would push the figures far away.
    even = (width - sum(columns)) / len(columns)
    return size, [column + even for column in columns]


def _two_lines(text: str, size: float) -> float:
    """The smallest width in which a heading fits on two lines."""
    words = text.split()
    return min(
        (
            max(text_width(" ".join(part), size, bold=True) for part in (words[:cut], words[cut:]))
            for cut in range(1, len(words) + 1)
        ),
        default=0.0,
    )


def signing_table(
    head: Sequence[str], names: Sequence[Sequence[str]], blank_columns: Sequence[str], *, blank_rows: int = 0
) -> Flowable:
    """A numbered sheet to sign, with what is known about each person and boxes for signatures.

    `blank_rows` are lines at the end for people who are not on the list.
    """
    load_fonts()
    known = [list(row) for row in names] + [[""] * len(head) for _ in range(blank_rows)]

    def make(width: float) -> Table:
        number = 24.0
        shares = [1.3] + [1.4] * (len(head) - 1) + [1.2] * len(blank_columns)
        columns = [number, *((width - number) * share / sum(shares) for share in shares)]
        rooms = [column - 2 * PADDING for column in columns]
        labels = ["", *head, *blank_columns]
        cells = [
            ["\n".join(wrap(text, room, 9, bold=True)) for text, room in zip(labels, rooms, strict=True)]
        ]
        heights: list[float | None] = [None]
        for place, row in enumerate(known, start=1):
            lines = [
                wrap(text, room, 9, bold=not at)
                for at, (text, room) in enumerate(zip(row, rooms[1:], strict=False))
            ]
            cells.append([str(place), *("\n".join(line) for line in lines), *([""] * len(blank_columns))])
            heights.append(max(SIGNING_ROW, 10.5 * max(map(len, lines), default=1) + 4))
        style = [
            *_style((9, 11), (9, 10.5)),
            ("FONT", (1, 1), (1, -1), BOLD, 9, 10.5),
            ("TEXTCOLOR", (0, 1), (0, -1), COLOURS["muted"]),
            ("VALIGN", (0, 1), (-1, -1), "MIDDLE"),
            ("ALIGN", (0, 1), (0, -1), "RIGHT"),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ("LINEBELOW", (0, 1), (-1, -1), 0.6, COLOURS["control"]),
            ("LINEBEFORE", (len(head) + 1, 1), (-1, -1), 0.6, COLOURS["control"]),
        ]
        return Table(cells, colWidths=columns, rowHeights=heights, repeatRows=1, style=style)

    return Fitted(make, before=4, after=12)
