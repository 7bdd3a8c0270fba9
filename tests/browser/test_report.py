"""The officer's report, from the page to the people behind a number to the PDF."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests import make
from tests.browser.conftest import LAPTOP, Site, press
from tests.browser.reading import heading, paper, texts
from tests.conftest import NOW
from training_hub.bookings.models.status import Status

S = Status
LAST_WINTER = datetime(2025, 2, 4, 9, 30, tzinfo=UTC)


def _two_years() -> None:
    """Course dates in April 2025, and in February 2025, which is the financial year before."""
    form = make.questionnaire()
    recent = make.event(make.course("Neglect"), starts_at=NOW - timedelta(days=14), capacity=10)
    make.booking(recent, make.person("Ann Archer"), S.COMPLETED)
    make.booking(recent, make.person("Dan Drew"), S.DID_NOT_ATTEND)
    make.booking(recent, make.person("Eve Ellis"), S.DID_NOT_ATTEND)
    winter = make.event(make.course("Working Together"), starts_at=LAST_WINTER, capacity=12)
    for status in (S.COMPLETED, S.COMPLETED, S.COMPLETED, S.PARTIAL, S.DID_NOT_ATTEND, S.CANCELLED):
        booking = make.booking(winter, status=status)
        if status is S.COMPLETED:
            make.returned(booking, form, LAST_WINTER + timedelta(days=1))
    make.booking(winter, status=S.CANCELLED_LATE)
    make.booking(winter, status=S.CONFIRMED)
    make.booking(winter, status=S.COMPLETED, walk_in=True)


@pytest.mark.postgres
def test_report_figure_lists_its_people_and_downloads_as_pdf(
    site: Site, visitor: Callable[..., Page]
) -> None:
    _two_years()
    page = visitor(LAPTOP, make.officer(), "/reports/programme")
    assert heading(page) == "Training programme"
    assert _totals(page) == "3 1 0 2 0 0 0 0 0 1 3 10"

    press(page.locator("tfoot").first.get_by_role("link", name="2", exact=True))
    assert heading(page) == "Did not attend: the people behind the figure"
    assert texts(page, "tbody th") == ["Dan Drew", "Eve Ellis"]

    page.go_back()
    press(page.get_by_role("link", name="2024-25"))
    assert texts(page, "h1 + .lead") == ["1 April 2024 to 31 March 2025"]
    totals = _totals(page)
    assert totals == "8 3 1 1 1 1 0 1 1 4 6 12"
    page.get_by_text("Choose other dates").click()
    page.get_by_label("From").fill("2025-02-01")
    page.get_by_label("To (this day included)").fill("2025-02-28")
    press(page.get_by_role("button", name="Show this period"))
    assert texts(page, "h1 + .lead") == ["1 February 2025 to 28 February 2025"]
    assert _totals(page) == totals

    with page.expect_download() as arriving:
        page.get_by_role("link", name="PDF file").click()
    assert arriving.value.suggested_filename == "training-programme-2025-02-01-to-2025-02-28.pdf"
    content = Path(arriving.value.path()).read_bytes()
    assert content[:5] == b"%PDF-"
    said = paper(content)
    assert f"Total {totals}" in said


def _totals(page: Page) -> str:
    """The row of totals of the first table: what was booked, its outcomes, walk-ins, trained, expected, capacity."""
    return " ".join(texts(page, "table:has(caption:text('Places by course')) tfoot td"))
