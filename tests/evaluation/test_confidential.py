"""No page, file or address tells trainers, agency leads and hub members who said what in confidence."""

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.evaluation.said import YEAR, C, all_said, date_of, form, said
from tests.page_client import Page, PageClient
from training_hub.access import Role
from training_hub.database import db
from training_hub.evaluation.models.answers import Answer, Response, Review
from training_hub.evaluation.rules.answers import Given

SignIn = Callable[..., PageClient]
PERIOD = f"from={YEAR['from']}&to={YEAR['to']}"
ABOUT_RESULTS = ("/results", "/comments")


def everything(client: PageClient, *starts: str) -> dict[str, str]:
    """Every page and file about results that the links lead to, with its content."""
    found: dict[str, str] = {}
    to_open = list(starts)
    while to_open:
        path = to_open.pop()
        if path in found or not path.startswith(ABOUT_RESULTS) or len(found) > 80:
            continue
        answer = client.http.get(path)
        data = answer.get_data()
        if answer.status_code == 200 and data.startswith(b"PK"):
            parts = zipfile.ZipFile(io.BytesIO(data))
            data = b"\n".join(parts.read(name) for name in parts.namelist())
        found[path] = data.decode("utf-8", "replace") if answer.status_code == 200 else ""
        if answer.mimetype == "text/html" and answer.status_code == 200:
            to_open += [href for href, _words in Page(answer).links]
    return found


@pytest.mark.parametrize("kind", [C.CONFIDENTIAL, C.ANONYMOUS])
@pytest.mark.parametrize("role", [Role.TRAINER, Role.AGENCY_LEAD, Role.HUB_MEMBER])
def test_no_page_file_or_address_leads_to_a_name(app: Flask, signed_in: SignIn, role: Role, kind: C) -> None:
    school = make.agency("Upton School")
    who = make.person("Rita Reader", role, of=school)
    course = make.course("Neglect")
    event, asked = date_of(course, trainers=(who,) if role is Role.TRAINER else ()), form(kind)
    bookings = [
        said(
            event,
            asked,
            {"objectives": Given(value=5), "change": Given(words=f"More time, said {number}.")},
            name=f"Zebedee Zorn{number}",
            agency=school,
        )
        for number in range(6)
    ]
    for answer in db.session.scalars(select(Answer).where(Answer.text != "")):
        answer.review, answer.published = Review.PUBLISHED, answer.text
    for number in range(4):
        # Too few to show: not even their words.
        said(date_of(course, days_ago=9), asked, {"change": Given(words="Alone.")}, name=f"Yves Yale{number}")
    # Other agencies too, or one agency would have all the answers.
    all_said(date_of(), asked, 5, 4, 3, 2, 1)
    db.session.commit()
    starts = [
        *(f"/results?by={by}&{PERIOD}" for by in ("courses", "trainers", "agencies")),
        f"/results/dates/{event.id}",
        f"/results/courses/{course.slug}?{PERIOD}",
        f"/results/trainers/{who.id}?{PERIOD}",
        f"/results/agencies/{school.id}?{PERIOD}",
        f"/comments?{PERIOD}",
        *(
            f"/{of}.{file}?{PERIOD}"
            for of in ("results/answers", "comments/all", "comments/published")
            for file in ("csv", "xlsx")
        ),
        *(f"/comments/{answer_id}" for answer_id in db.session.scalars(select(Answer.id))),
    ]
    found = everything(signed_in(who), *starts)
    told = [booking.reference for booking in bookings]
    told += [booking.person.email for booking in bookings]
    told += [str(number) for table in (Answer, Response) for number in db.session.scalars(select(table.id))]
    told += ["Zebedee", "Zorn", "Yves", "Yale"]
    # A page that refuses says nothing, and its address was ours.
    leaks = {(path, each) for path, words in found.items() for each in told if each in words}
    assert leaks == set()
    alone = {path for path, words in found.items() if "Alone." in words}
    assert alone == set()
    # They did read what they may: not every page was closed.
    reads_answers = role is not Role.AGENCY_LEAD or kind is C.CONFIDENTIAL
    assert any("people answered" in words for words in found.values()) is reads_answers
    assert any("More time" in words for words in found.values()) is (role is not Role.AGENCY_LEAD)
