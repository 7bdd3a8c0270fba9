"""A document as a reader finds it: its lines, its facts, its bookmarks."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def lines(pdf: bytes, page: int = 0) -> list[str]:
    """What a page says, a line for each piece of text, in the order in which it was written."""
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
    """What the file says of itself."""
    document = read(pdf)
    said: Any = document.metadata
    named = {name: said[f"/{name}"] for name in ("Title", "Author", "Subject", "Keywords")}
    return {**named, "Language": str(document.root_object["/Lang"])}
