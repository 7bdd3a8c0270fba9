from datetime import UTC, datetime
from typing import Any

import pytest
import segno
from reportlab.graphics.shapes import Path

from tests.paper.reading import facts, lines, links, read
from training_hub.paper.certificate import Award, certificate
from training_hub.paper.pieces import qr

ADDRESS = "https://hub.example/certificates/K7QF"


def made(**facts: Any) -> bytes:
    award: dict[str, Any] = {
        "partnership": "Anytown Partnership",
        "name": "Siân Ŵyn-Łukasz",
        "course": "Neglect & Harm",
        "dates": "Tuesday 6 May 2025",
        "number": "TH-417",
        "verify_url": ADDRESS,
        "issued": "on 14 May 2025",
        "made_at": datetime(2025, 5, 14, 8, 30, tzinfo=UTC),
        **facts,
    }
    return certificate(Award(**award))


def test_a_certificate_says_who_what_when_and_where_to_check() -> None:
    pdf = made(
        hours="6 hours",
        outcomes=["Recognise neglect", "Share information"],
        valid_until="May 2028",
    )
    assert lines(pdf) == [
        "Anytown Partnership",
        "Certificate of completion",
        "Siân Ŵyn-Łukasz",
        "completed",
        "Neglect & Harm",
        *("Date", "Tuesday 6 May 2025"),
        *("Length", "6 hours"),
        *("Valid until", "May 2028"),
        "What the course covered",
        *("•", "Recognise neglect"),
        *("•", "Share information"),
        *("Issued by", "Anytown Partnership", "on 14 May 2025"),
        *("Certificate number", "TH-417"),
        *("Check that it is genuine at", ADDRESS),
    ]


def test_missing_facts_leave_no_label_on_a_certificate() -> None:
    assert lines(made()) == [
        "Anytown Partnership",
        "Certificate of completion",
        "Siân Ŵyn-Łukasz",
        "completed",
        "Neglect & Harm",
        *("Date", "Tuesday 6 May 2025"),
        *("Issued by", "Anytown Partnership", "on 14 May 2025"),
        *("Certificate number", "TH-417"),
        *("Check that it is genuine at", ADDRESS),
    ]


@pytest.mark.parametrize("name", ["Featherstonehaugh " * 5, "Ł" * 90], ids=["many names", "one name"])
def test_a_long_name_is_set_in_more_lines_and_never_shortened(name: str) -> None:
    said = lines(made(name=name))
    printed = said[said.index("Certificate of completion") + 1 : said.index("completed")]
    assert "".join(printed).replace(" ", "") == name.replace(" ", "")


def test_a_certificate_is_always_one_landscape_page() -> None:
    pages = read(made(course="Course " * 60, outcomes=["Outcome " * 20] * 20)).pages
    assert [(round(page.mediabox.width), round(page.mediabox.height)) for page in pages] == [(842, 595)]


def test_the_address_can_be_followed() -> None:
    assert links(made()) == [ADDRESS]


def test_the_file_names_its_holder_its_number_and_its_language() -> None:
    assert facts(made()) == {
        "Title": "Certificate of completion: Siân Ŵyn-Łukasz, Neglect & Harm",
        "Author": "Anytown Partnership",
        "Subject": "Certificate TH-417",
        "Keywords": f"Accessible version: {ADDRESS}",
        "Language": "en-GB",
    }


def test_the_same_award_gives_the_same_bytes() -> None:
    assert made() == made()


def test_a_qr_code_has_all_modules_and_a_quiet_zone() -> None:
    matrix = segno.make(ADDRESS, error="m", micro=False).matrix
    across = len(matrix) + 8
    (shape,) = qr(ADDRESS, across).contents
    assert isinstance(shape, Path)
    # At one point to the module, each run of dark modules is a box of four corners.
    corners = list(zip(shape.points[::2], shape.points[1::2], strict=True))
    dark = set()
    for left, bottom, right in ((a[0], a[1], b[0]) for a, b in zip(corners[::4], corners[1::4], strict=True)):
        dark |= {(across - 5 - round(bottom), column - 4) for column in range(round(left), round(right))}
    expected = {(row, column) for row, line in enumerate(matrix) for column, on in enumerate(line) if on}
    assert dark == expected
