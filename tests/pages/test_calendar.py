"""The programme as a calendar feed."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from icalendar import Calendar

from tests import make
from tests.conftest import NOW, TestClock
from tests.page_client import PageClient
from training_hub.catalogue.models import EventStatus
from training_hub.database import db

SOON = NOW + timedelta(days=30)


def entries(client: PageClient, path: str = "/dates.ics") -> list[dict[str, object]]:
    answer = client.http.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return [
        {name: str(entry[name]) for name in ("UID", "SUMMARY", "STATUS", "LOCATION", "SEQUENCE")}
        | {"from": entry["DTSTART"].dt, "to": entry["DTEND"].dt}
        for entry in Calendar.from_ical(answer.data).walk("VEVENT")
    ]


def test_the_feed_holds_each_session_with_its_time_in_utc(app: Flask, stranger: PageClient) -> None:
    event = make.event(
        make.course("Neglect; seeing, naming"), starts_at=SOON, days=2, venue=make.venue("Wyvern House")
    )
    db.session.commit()
    day = datetime(2025, 6, 5, 8, 30, tzinfo=UTC)
    assert entries(stranger) == [
        {
            "UID": f"date-{event.id}-{number}@localhost",
            "SUMMARY": f"Neglect; seeing, naming (session {number})",
            "STATUS": "CONFIRMED",
            "LOCATION": "Wyvern House, 1 High Street, Chester",
            "SEQUENCE": "0",
            "from": day + timedelta(days=number - 1),
            "to": day + timedelta(days=number - 1, hours=7),
        }
        for number in (1, 2)
    ]


def test_calendar_keeps_london_time_when_clocks_change(app: Flask, stranger: PageClient) -> None:
    course = make.course()
    make.event(course, starts_at=datetime(2025, 10, 24, 8, 30, tzinfo=UTC))
    make.event(course, starts_at=datetime(2025, 10, 27, 9, 30, tzinfo=UTC))
    db.session.commit()
    assert [entry["from"] for entry in entries(stranger)] == [
        datetime(2025, 10, 24, 8, 30, tzinfo=UTC),
        datetime(2025, 10, 27, 9, 30, tzinfo=UTC),
    ]
    assert stranger.get("/dates").text.count("9:30am to 4:30pm") == 2


def test_feed_keeps_cancelled_dates_a_month_and_hides_drafts(
    app: Flask, stranger: PageClient, clock: TestClock
) -> None:
    off = make.event(
        make.course("Neglect"), starts_at=SOON, status=EventStatus.CALLED_OFF, called_off_at=NOW, sequence=1
    )
    make.event(make.course("Secret Draft"), starts_at=SOON, status=EventStatus.DRAFT)
    make.event(make.course("Unlisted", is_listed=False), starts_at=SOON)
    db.session.commit()
    assert [(e["UID"], e["SUMMARY"], e["STATUS"], e["SEQUENCE"]) for e in entries(stranger)] == [
        (f"date-{off.id}-1@localhost", "Called off: Neglect", "CANCELLED", "1")
    ]
    clock.now = SOON + timedelta(days=32)
    assert entries(stranger) == []


def test_feed_follows_the_search_and_hides_joining_links(app: Flask, stranger: PageClient) -> None:
    adults = make.board("Adults’ Board")
    make.event(
        make.course("Allegations", board=adults), starts_at=SOON, is_online=True,
        online_link="https://meet.example.org/secret",
    )  # fmt: skip
    make.event(make.course("Neglect"), starts_at=SOON)
    db.session.commit()
    path = f"/dates.ics?board={adults.slug}"
    assert [(e["SUMMARY"], e["LOCATION"]) for e in entries(stranger, path)] == [("Allegations", "Online")]
    assert b"secret" not in stranger.http.get(path).data


def test_unchanged_feed_is_not_sent_again(app: Flask, stranger: PageClient) -> None:
    event = make.event(starts_at=SOON)
    db.session.commit()
    tag = stranger.http.get("/dates.ics").headers["ETag"]
    again = stranger.http.get("/dates.ics", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    event.sequence = 1
    db.session.commit()
    assert stranger.http.get("/dates.ics", headers={"If-None-Match": tag}).status_code == 200
