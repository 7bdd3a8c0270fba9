"""A whole document: the band at the top, the footer, and the file's metadata."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.pagesizes import landscape as turned
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph

from training_hub.paper.pieces import Fitted, Heading, paragraph
from training_hub.paper.style import BOLD, COLOURS, PRESS, PRODUCT, REGULAR, load_fonts, shrink

MARGIN = 42
BAND = 48
LATER_BAND = 26
FOOTER = 50

OUTLINE_LEVELS = {"h1": 0, "h2": 1}


def document(
    title: str,
    *,
    partnership: str,
    story: Iterable[Flowable],
    subject: str = "",
    as_at: str = "",
    landscape: bool = False,
    twin: str = "",
    made_at: datetime | None = None,
) -> bytes:
    """An A4 document in the house style. Equal arguments give equal bytes.

    `subject` is the line under the title. `as_at` says when the data was read. `twin` is the address of
    the accessible page with the same content.
    """
    load_fonts()
    output = BytesIO()
    sheet = _Sheets(
        output,
        title=title,
        partnership=partnership,
        as_at=as_at,
        pagesize=turned(A4) if landscape else A4,
        subject=subject,
        keywords=f"Accessible version: {twin}" if twin else "",
        made_at=made_at,
    )
    opening = [paragraph(title, "h1")]
    if subject:
        opening.append(paragraph(subject, "lead"))
    if twin:
        opening.append(paragraph("The same as an accessible web page: ", "small", link=twin))
    with PRESS:
        sheet.build(keep_headings([*opening, *story]), canvasmaker=CountedCanvas)
    return output.getvalue()


def keep_headings(story: Sequence[Flowable]) -> list[Flowable]:
    """The pieces, with each heading kept on the same page as the chart under it."""
    kept: list[Flowable] = []
    for piece in story:
        if isinstance(piece, Fitted) and piece.whole and kept and isinstance(kept[-1], Heading):
            kept[-1] = KeepTogether([kept[-1], piece])
        else:
            kept.append(piece)
    return kept


class CountedCanvas(Canvas):  # type: ignore[misc]  # reportlab has no stubs
    """A canvas that can print the total number of pages on every page.

    Each page refers to one PDF form by name. That form is drawn at the end, when the total is known.
    """

    COUNT = "page-count"

    def save(self) -> None:
        self.beginForm(self.COUNT, 0, -3, 40, 12)
        self.setFont(REGULAR, 8.5)
        self.setFillColor(COLOURS["muted"])
        self.drawString(0, 0, str(self.getPageNumber() - 1))
        self.endForm()
        super().save()


class _Sheets(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no stubs
    def __init__(
        self, output: BytesIO, *, partnership: str, as_at: str, made_at: datetime | None, **rest: Any
    ) -> None:
        # `invariant` keeps reportlab from putting the present time into the file, so that equal
        # reports give equal bytes.
        super().__init__(
            output,
            author=partnership,
            creator=PRODUCT,
            lang="en-GB",
            displayDocTitle=True,
            invariant=True,
            **rest,
        )
        self.partnership = partnership
        self.as_at = as_at
        self.made_at = made_at
        self.headings = 0
        width, height = self.pagesize
        frames = [
            Frame(
                MARGIN,
                FOOTER,
                width - 2 * MARGIN,
                height - FOOTER - band - 22,
                leftPadding=0,
                rightPadding=0,
                topPadding=0,
                bottomPadding=0,
            )
            for band in (BAND, LATER_BAND)
        ]
        self.addPageTemplates(
            [
                PageTemplate("first", frames[0], onPage=self._first, autoNextPageTemplate="later"),
                PageTemplate("later", frames[1], onPage=self._later),
            ]
        )

    def _first(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setDateFormatter(lambda *_: pdf_moment(self.made_at))
        self._band(canvas, BAND, self.partnership, PRODUCT, 14)
        self._footer(canvas)

    def _later(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        self._band(canvas, LATER_BAND, self.title, self.partnership, 9.5)
        self._footer(canvas)

    def _band(self, canvas: Canvas, depth: float, left: str, right: str, size: float) -> None:
        width, height = self.pagesize
        canvas.setFillColor(COLOURS["brand"])
        canvas.rect(0, height - depth, width, depth, stroke=0, fill=1)
        canvas.setFillColor(COLOURS["page"])
        baseline = height - depth / 2 - size * 0.33
        room = width - 2 * MARGIN
        for text, font, share, draw, x in (
            (left, BOLD, 0.68, canvas.drawString, MARGIN),
            (right, REGULAR, 0.28, canvas.drawRightString, width - MARGIN),
        ):
            fitted, lines = shrink(text, room * share, largest=size, smallest=size * 0.6, bold=font == BOLD)
            canvas.setFont(font, fitted)
            draw(x, baseline, lines[0] if len(lines) == 1 else f"{lines[0]} …")

    def _footer(self, canvas: Canvas) -> None:
        width, _ = self.pagesize
        canvas.setStrokeColor(COLOURS["row"])
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, 36, width - MARGIN, 36)
        canvas.setFont(REGULAR, 8.5)
        canvas.setFillColor(COLOURS["muted"])
        page = f"Page {canvas.getPageNumber()} of "
        canvas.drawString(MARGIN, 23, page)
        canvas.saveState()
        canvas.translate(MARGIN + canvas.stringWidth(page, REGULAR, 8.5), 23)
        canvas.doForm(CountedCanvas.COUNT)
        canvas.restoreState()
        if self.as_at:
            canvas.drawRightString(width - MARGIN, 23, f"As at {self.as_at}")

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802  # reportlab's name
        """Add a bookmark for each heading, so that readers can move through the file."""
        level = OUTLINE_LEVELS.get(getattr(getattr(flowable, "style", None), "name", ""))
        if level is None or not isinstance(flowable, Paragraph):
            return
        self.headings += 1
        key = f"heading-{self.headings}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.getPlainText(), key, level)


def pdf_moment(moment: datetime | None) -> str:
    """A time as PDF has it: "D:20200401093000Z" for 2020-04-01 09:30 UTC. Empty for None."""
    return "" if moment is None else f"{moment.astimezone(UTC):D:%Y%m%d%H%M%SZ}"
