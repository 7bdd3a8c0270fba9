"""Tables as files to keep: CSV and XLSX, in which no spreadsheet takes a person's words for a formula."""

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
"""How a workbook is written so that words stay words."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLE_TYPES = {"csv": "text/csv", "xlsx": XLSX}

Cell = str | int | float | None


def neutral(cell: object) -> object:
    """`cell` so that no spreadsheet takes a person's words for a formula: "=1+1" becomes "'=1+1"."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
