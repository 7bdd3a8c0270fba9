"""Read a PDF: its lines, its facts and its bookmarks."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def lines(pdf: bytes, page: int = 0) -> list[str]:
    """The text of a page, with a line for each piece, in the order of the file."""
    text = read(pdf).pages[page].extract_text()
    # The number of pages is a drawing of its own, which pypdf puts on a line of its own.
    text = re.sub(r"(Page \d+ of)\s+(\d+)", r"\1 \2", text)
    return [line.strip() for line in text.splitlines() if line.strip()]


def body(pdf: bytes, page: int = 0) -> list[str]:
    """The same without band, title and footer."""
    said = lines(pdf, page)
    furniture = {"Anytown Partnership", "Training Hub", "Report", "As at noon"}
    return [line for line in said if line not in furniture and not line.startswith("Page ")]


def links(pdf: bytes) -> list[str]:
    """The addresses that can be followed from the first page."""
    notes: Any = read(pdf).pages[0]["/Annots"]
    return [note.get_object()["/A"]["/URI"] for note in notes]


def facts(pdf: bytes) -> dict[str, str]:
    """The file's own facts."""
    document = read(pdf)
    said: Any = document.metadata
    named = {name: said[f"/{name}"] for name in ("Title", "Author", "Subject", "Keywords")}
    return {**named, "Language": str(document.root_object["/Lang"])}
