"""Reminding those who have not returned their evaluation, and nobody else."""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page

from tests import make
from tests.browser.answering import answer
from tests.browser.conftest import PHONE, Site
from tests.browser.reading import heading, links, subjects
from tests.conftest import NOW
from training_hub.bookings.models.status import Status


def test_reminders_stop_once_the_evaluation_is_returned(site: Site, visitor: Callable[..., Page]) -> None:
    event = make.event(make.course("Neglect"), starts_at=NOW - timedelta(hours=1))
    for name in ("ann", "ben"):
        make.booking(event, make.person(name.title(), email=f"{name}@example.org"), Status.COMPLETED)
    asked, reminded = (
        "How was Neglect? Your certificate is waiting",
        "Your certificate for Neglect is waiting",
    )
    site.clock.now = event.ends_at
    assert subjects(site.work()) == [("ann@example.org", asked), ("ben@example.org", asked)]

    # Tuesday afternoon to Thursday afternoon: two working days.
    site.clock.now = event.ends_at + timedelta(days=2)
    mails = site.work()
    assert subjects(mails) == [("ann@example.org", reminded), ("ben@example.org", reminded)]
    assert subjects(site.work()) == []

    page = visitor(PHONE, has_touch=True, is_mobile=True)
    page.goto(links(mails[0])[0])
    answer(page)
    assert heading(page) == "Thank you, your answers have arrived"
    assert subjects(site.work()) == [("ann@example.org", "Your certificate for Neglect")]
    later: list[str] = []
    for day in range(1, 60):
        site.clock.now = event.ends_at + timedelta(days=2 + day, hours=-5)
        later += [who for who, _subject in subjects(site.work())]
    # Ben, who never answers, is sent every reminder.
    assert later == ["ben@example.org"] * 3
