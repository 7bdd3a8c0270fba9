"""The certificate: one landscape sheet to hang on a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from reportlab.graphics import renderPDF
from reportlab.lib.pagesizes import A4
from reportlab.lib.pagesizes import landscape as turned
from reportlab.pdfgen.canvas import Canvas

from training_hub.paper.document import pdf_moment
from training_hub.paper.pieces import qr
from training_hub.paper.style import (
    BOLD,
    COLOURS,
    PRESS,
    PRODUCT,
    REGULAR,
    load_fonts,
    shrink,
    text_width,
    wrap,
)

WIDTH, HEIGHT = turned(A4)
LEFT = 64.0
RIGHT = WIDTH - 64.0
BAND = 62.0
FOOT = 128.0
CODE = 84.0


HEADING = "Certificate of completion"


@dataclass(frozen=True, kw_only=True)
class Award:
    """The facts on a certificate. Empty facts are left out."""

    partnership: str
    name: str
    course: str
    dates: str
    number: str
    verify_url: str
    issued: str
    made_at: datetime
    hours: str = ""
    valid_until: str = ""
    outcomes: Sequence[str] = ()


def certificate(award: Award) -> bytes:
    """The PDF of one A4 sheet with the person, the course, the date, and the address to check the number.

    Long names and titles get smaller type, and two lines if needed. They are never cut short.
    """
    load_fonts()
    output = BytesIO()
    canvas = Canvas(output, pagesize=(WIDTH, HEIGHT), invariant=True, lang="en-GB")

    def body(sheet: _Sheet) -> None:
        sheet.award(award.name, award.course)
        sheet.facts([("Date", award.dates), ("Length", award.hours), ("Valid until", award.valid_until)])
        sheet.outcomes(award.outcomes)

    canvas.setTitle(f"{HEADING}: {award.name}, {award.course}")
    canvas.setAuthor(award.partnership)
    canvas.setSubject(f"Certificate {award.number}")
    canvas.setKeywords(f"Accessible version: {award.verify_url}")
    canvas.setCreator(PRODUCT)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.setDateFormatter(lambda *_: pdf_moment(award.made_at))
    with PRESS:
        # First lay out a draft, to learn how much room is left. Then share that room among the gaps.
        draft = _Sheet(Canvas(BytesIO()))
        body(draft)
        sheet = _Sheet(canvas, air=max(0.0, min((draft.y - FOOT - 8) / 6, 24)))
        sheet.band(award.partnership)
        body(sheet)
        sheet.foot(award)
        canvas.showPage()
        canvas.save()
    return output.getvalue()


class _Sheet:
    """The sheet, drawn from the top down. `y` is the place of the next line, in points from the bottom."""

    def __init__(self, canvas: Canvas, air: float = 0) -> None:
        self.canvas = canvas
        self.air = air
        self.y = HEIGHT - BAND

    def words(self, x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False) -> None:
        self.canvas.setFont(BOLD if bold else REGULAR, size)
        self.canvas.setFillColor(COLOURS[colour])
        self.canvas.drawString(x, y, text)

    def band(self, partnership: str) -> None:
        self.canvas.setFillColor(COLOURS["brand"])
        self.canvas.rect(0, HEIGHT - BAND, WIDTH, BAND, stroke=0, fill=1)
        size, lines = shrink(partnership, RIGHT - LEFT, largest=20, smallest=11, bold=True)
        for place, line in enumerate(lines[:2]):
            lift = (len(lines[:2]) - 1) * size * 0.6 - place * size * 1.2
            self.words(LEFT, HEIGHT - BAND / 2 - size * 0.34 + lift, line, size, "page", bold=True)

    def award(self, name: str, course: str) -> None:
        self.y -= 52 + self.air
        self.words(LEFT, self.y, HEADING, 17, "brand")
        self.y -= 12
        self.large(name, 42, 22)
        self.y -= 26 + self.air / 2
        self.words(LEFT, self.y, "completed", 14, "muted")
        self.y -= 4 + self.air / 3
        self.large(course, 27, 15)

    def large(self, text: str, largest: float, smallest: float) -> None:
        # Use one line if its type can be large, else two lines: tiny type is worse than a second line.
        width = RIGHT - LEFT
        size, lines = shrink(text, width, largest=largest, smallest=largest * 0.72, bold=True)
        if len(lines) > 1:
            size, lines = shrink(text, width, largest=largest * 0.72, smallest=smallest, lines=2, bold=True)
        for line in lines:
            self.y -= size * 1.12
            self.words(LEFT, self.y, line, size, "brand_dark", bold=True)

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        present = [(label, text) for label, text in facts if text]
        x = LEFT
        self.y -= 30 + self.air
        lowest = self.y
        for label, text in present:
            lines = wrap(text, 330, 13, bold=True)
            self.words(x, self.y, label, 10.5, "muted")
            for place, line in enumerate(lines):
                lowest = min(lowest, self.y - 17 - 16 * place)
                self.words(x, self.y - 17 - 16 * place, line, 13, "ink", bold=True)
            x += max([text_width(line, 13, bold=True) for line in lines] + [60]) + 36
        self.y = lowest

    def outcomes(self, outcomes: Sequence[str]) -> None:
        """Draw the learning outcomes in one column or two, in the largest type that leaves room for the foot."""
        if not outcomes:
            return
        self.y -= 30 + self.air
        self.words(LEFT, self.y, "What the course covered", 10.5, "muted")
        self.y -= 3
        per_column = len(outcomes) if len(outcomes) < 4 else (len(outcomes) + 1) // 2
        columns = [outcomes[:per_column], outcomes[per_column:]]
        gap = 28.0
        width = (RIGHT - LEFT - gap) / 2 if columns[1] else RIGHT - LEFT
        size = 11.5
        while True:
            blocks = [[wrap(text, width - 12, size) for text in column] for column in columns]
            tallest = max(sum(len(lines) * size * 1.25 + 2 for lines in block) for block in blocks)
            if self.y - tallest >= FOOT + 8 or size <= 5:
                break
            size -= 0.5
        for place, block in enumerate(blocks):
            x, y = LEFT + place * (width + gap), self.y
            for lines in block:
                self.words(x, y - size * 1.25, "•", size, "brand")
                for line in lines:
                    y -= size * 1.25
                    self.words(x + 12, y, line, size, "ink")
                y -= 2
        self.y -= tallest

    def foot(self, award: Award) -> None:
        canvas = self.canvas
        canvas.setStrokeColor(COLOURS["row"])
        canvas.setLineWidth(0.8)
        canvas.line(LEFT, FOOT, RIGHT, FOOT)
        middle = WIDTH * 0.47
        self.words(LEFT, 102, "Issued by", 10.5, "muted")
        size, lines = shrink(
            award.partnership, middle - LEFT - 40, largest=13, smallest=8, lines=2, bold=True
        )
        for place, line in enumerate(lines[:3]):
            self.words(LEFT, 85 - place * size * 1.2, line, size, "ink", bold=True)
        self.words(LEFT, 85 - len(lines[:3]) * size * 1.2 - 2, award.issued, 10.5, "ink")
        self.words(middle, 102, "Certificate number", 10.5, "muted")
        self.words(middle, 85, award.number, 13, "ink", bold=True)
        self.words(middle, 62, "Check that it is genuine at", 10.5, "muted")
        room = RIGHT - CODE - 16 - middle
        size, lines = shrink(award.verify_url, room, largest=11, smallest=7)
        for place, line in enumerate(lines):
            self.words(middle, 47 - place * size * 1.2, line, size, "brand")
        canvas.linkURL(award.verify_url, (middle, 40, RIGHT - CODE - 16, 60))
        # The code's white border of four modules goes outside the margin, so that the code itself lines up.
        renderPDF.draw(qr(award.verify_url, CODE), canvas, RIGHT - CODE + 8, 30)
