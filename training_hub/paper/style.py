"""Colours, fonts and text measures that documents and charts share."""

from functools import cache
from importlib.resources import files
from threading import RLock

from reportlab.lib.enums import TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PRODUCT = "Training Hub"

# This lock is held while a document is drawn. reportlab reads fonts through one shared file position, so two
# requests at once would mix up letters or fail. The wait is some 50 ms.
PRESS = RLock()

REGULAR = "SourceSansPro"
BOLD = "SourceSansPro-Bold"

COLOURS = {
    "ink": "#1b1f24",
    "muted": "#505a63",
    "page": "#ffffff",
    "panel": "#f5f7f7",
    "tint": "#e6f1f2",
    "control": "#7a858f",
    "row": "#d5dadd",
    "brand": "#0b5563",
    "brand_dark": "#083f4a",
}


def figure(value: str | float | None) -> str:
    """A number as text: 1657 as "1,657", -3 with a true minus sign, None as a dash."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    return f"{value:,}".replace("-", "−")


def load_fonts() -> None:
    """Load the font Source Sans Pro into reportlab. Call this before measuring any text."""
    with PRESS:
        _load_fonts()


@cache
def _load_fonts() -> None:
    # The standard fonts print boxes for ŵ, ŷ, ł and ż. Parsing the two files takes some 15 ms, so they
    # are loaded only once, for the first document.
    folder = files("font_source_sans_pro") / "files"
    for name, file in ((REGULAR, "SourceSansPro-Regular.ttf"), (BOLD, "SourceSansPro-Bold.ttf")):
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    # We have two upright weights. They also replace the italics that reportlab may ask for.
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


@cache
def text_style(name: str) -> ParagraphStyle:
    """The reportlab style with this name: h1, h2, lead, body or small."""
    load_fonts()
    size, leading, before, after, bold, colour = {
        "h1": (24, 28, 0, 6, True, "brand_dark"),
        "h2": (15, 19, 18, 5, True, "ink"),
        "lead": (12, 17, 0, 8, False, "muted"),
        "body": (10.5, 15, 0, 7, False, "ink"),
        "small": (8.5, 11.5, 0, 4, False, "muted"),
    }[name]
    return ParagraphStyle(
        name,
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=leading,
        spaceBefore=before,
        spaceAfter=after,
        textColor=COLOURS[colour],
        alignment=TA_LEFT,
        allowWidows=0,
        allowOrphans=0,
    )


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    load_fonts()
    return float(pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size))


def wrap(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """`text` in lines that fit `width`. A word that is too long for a line is split over two."""
    lines: list[str] = []
    for line in text.splitlines() or [""]:
        current = ""
        for word in line.split():
            candidate = f"{current} {word}" if current else word
            if text_width(candidate, size, bold=bold) <= width:
                current = candidate
                continue
            if current:
                lines.append(current)
            while len(word) > 1 and text_width(word, size, bold=bold) > width:
                cut = _fits(word, width, size, bold=bold)
                lines.append(word[:cut])
                word = word[cut:]
            current = word
        lines.append(current)
    return lines


def _fits(word: str, width: float, size: float, *, bold: bool) -> int:
    """How many letters of `word` fit `width`, but at least one, so that wrapping always ends."""
    cut = 1
    while cut < len(word) and text_width(word[: cut + 1], size, bold=bold) <= width:
        cut += 1
    return cut


def shrink(
    text: str, width: float, *, largest: float, smallest: float, lines: int = 1, bold: bool = False
) -> tuple[float, list[str]]:
    """The largest size at which `text` fits in `lines` lines without splitting a word, and the text of each line.

    If `text` does not fit even at the smallest size, it gets more lines, because names are never cut short.
    """
    size = largest
    while size > smallest:
        fitted = wrap(text, width, size, bold=bold)
        longest = max((text_width(word, size, bold=bold) for word in text.split()), default=0)
        if len(fitted) <= lines and longest <= width:
            return size, fitted
        size -= 0.5
    return smallest, wrap(text, width, smallest, bold=bold)
