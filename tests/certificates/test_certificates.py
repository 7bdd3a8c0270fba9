"""Certificates: who gets one, who sees it, and the public check of its number."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW, TestClock
from tests.evaluation.answering import ANSWERS, SENT, answer_all, completed, invited
from tests.page_client import PageClient
from training_hub.access import Role, link_token
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.certificates import actions, queries
from training_hub.certificates.models import Certificate
from training_hub.certificates.rules import NotCompleted, NotEvaluated, as_number, new_number, valid_until
from training_hub.database import db
from training_hub.errors import Refused, version_of
from training_hub.evaluation.actions.answers import answer
from training_hub.evaluation.actions.past import PastReturn
from training_hub.evaluation.actions.past import bring_in as bring_in_returns
from training_hub.evaluation.actions.reminders import remind_due
from training_hub.evaluation.queries.invitations import is_certificate_waiting
from training_hub.mail.models import Mail, MailState
from training_hub.policies.actions import set_partnership_policies

SignedIn = Callable[..., PageClient]


def mails() -> list[tuple[str, str]]:
    rows = db.session.execute(select(Mail.template, Mail.to_email).order_by(Mail.id))
    return [(template, to) for template, to in rows]


def mails_about_evaluations() -> list[tuple[str, MailState]]:
    rows = db.session.execute(
        select(Mail.template, Mail.state).where(Mail.key.startswith("evaluation:")).order_by(Mail.id)
    )
    return [(template, state) for template, state in rows]


def number() -> str:
    return db.session.scalars(select(Certificate.number)).one()


def certified(name: str = "Ann Archer", **course: object) -> Booking:
    """A booking with a certificate, on a course without an evaluation."""
    booking = completed(name, is_evaluated=False, **course)
    actions.issue_due(now=NOW)
    return booking


def test_a_certificate_waits_for_the_evaluation(app: Flask) -> None:
    booking = completed()
    invitation = invited(booking)
    assert actions.issue_due(now=NOW) == 0
    with pytest.raises(NotEvaluated):
        actions.issue(booking, now=NOW)
    answer(invitation, ANSWERS, now=NOW)
    db.session.commit()
    assert [actions.issue_due(now=NOW), actions.issue_due(now=NOW)] == [1, 0]
    assert mails()[1:] == [("certificate_ready", "ann@example.org")]


def test_course_without_evaluation_gives_certificates_at_once(app: Flask) -> None:
    booking = certified()
    assert queries.certificate_of(booking.id).issued_at == NOW
    assert mails() == [("certificate_ready", "ann@example.org")]


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.COMPLETED])
def test_only_a_completed_place_gives_a_certificate(app: Flask, status: Status) -> None:
    booking = completed(status=status, is_evaluated=False)
    assert actions.issue_due(now=NOW) == 0
    for give in (
        lambda: actions.issue(booking, now=NOW),
        lambda: actions.release(booking, by=make.officer(), now=NOW, reason="Asked by telephone"),
    ):
        with pytest.raises(NotCompleted):
            give()


def test_issuing_twice_gives_one_certificate_and_one_email(app: Flask) -> None:
    booking = completed(is_evaluated=False)
    first = actions.issue(booking, now=NOW)
    assert actions.issue(booking, now=NOW + timedelta(days=1)) is first
    assert (first.issued_at, len(mails())) == (NOW, 1)


def test_imported_history_gets_a_certificate_on_request(app: Flask, signed_in: SignedIn) -> None:
    event = make.event(starts_at=NOW - timedelta(days=400), entered_at=NOW)
    booking = make.booking(event, status=Status.COMPLETED)
    bring_in_returns([PastReturn(booking_id=booking.id, due_at=event.ends_at, returned_at=event.ends_at)])
    db.session.commit()
    assert actions.issue_due(now=NOW) == 0
    browser = signed_in(booking.person)
    page = browser.get(f"/certificates/{booking.reference}")
    ready = browser.send(page, "/issue")
    assert number() in ready.text
    assert mails() == []


def test_officer_releases_a_certificate_with_a_reason(app: Flask, signed_in: SignedIn) -> None:
    booking, officer = completed(), make.officer()
    db.session.commit()
    invited(booking)
    browser = signed_in(officer)
    page = browser.get(f"/certificates/{booking.reference}")
    assert page.h1 == "Certificate for Ann Archer"
    empty = browser.post(f"/certificates/{booking.reference}/release", {"reason": "  "})
    assert (empty.status, "Enter the reason for releasing the certificate" in empty.text) == (422, True)
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 0
    done = browser.send(page, "/release", reason="Has no email at work any more")
    assert "Has no email at work any more" in done.text
    row = db.session.scalars(select(Certificate)).one()
    assert (row.released_by_id, row.released_why) == (officer.id, "Has no email at work any more")
    again = browser.post(f"/certificates/{booking.reference}/release", {"reason": "Again"})
    assert again.status == 409
    # The evaluation is still due, but its reminders stop.
    assert mails_about_evaluations() == [("evaluation_invitation", MailState.DROPPED)]
    remind_due(now=NOW + timedelta(days=9))
    assert len(mails_about_evaluations()) == 1
    own = signed_in(booking.person).get(f"/certificates/{booking.reference}")
    assert "Has no email at work any more" not in own.text
    assert "You can still tell us how the course was" in own.text


def test_only_officers_release_certificates(app: Flask, signed_in: SignedIn) -> None:
    booking = completed()
    trainer = make.person("Tom Trainer", Role.TRAINER)
    db.session.commit()
    for actor in (booking.person, trainer):
        page = signed_in(actor).post(f"/certificates/{booking.reference}/release", {"reason": "Mine"})
        assert page.status == 403
    assert db.session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_another_persons_certificate_is_not_found(app: Flask, signed_in: SignedIn) -> None:
    booking = certified()
    others = (make.person("Ben"), make.person("Tom", Role.TRAINER), make.person("Una", Role.HUB_MEMBER))
    db.session.commit()
    for other in others:
        browser = signed_in(other)
        for path in (f"/certificates/{booking.reference}", f"/certificates/{booking.reference}.pdf"):
            page = browser.get(path)
            assert (page.status, "Ann Archer" in page.text) == (404, False)
        for path in ("issue", "evaluate"):
            assert browser.post(f"/certificates/{booking.reference}/{path}").status == 404
    assert queries.in_date_and_expired(others[0].id, now=NOW) == (0, 0)


def test_page_leads_to_the_evaluation_and_then_the_certificate(app: Flask, signed_in: SignedIn) -> None:
    booking = completed()
    browser = signed_in(booking.person)
    page = browser.get(f"/certificates/{booking.reference}")
    assert page.h1 == "Your certificate"
    # There is no invitation yet: the button makes it.
    form = browser.send(page, "/evaluate")
    assert form.h1 == "How was the course?"
    assert answer_all(browser, form, **SENT).h1 == "Thank you, your answers have arrived"
    ready = browser.get(f"/certificates/{booking.reference}")
    assert number() in ready.text


def test_officer_cannot_answer_for_someone_else(app: Flask, signed_in: SignedIn) -> None:
    booking, officer = completed(), make.officer()
    db.session.commit()
    page = signed_in(officer).post(f"/certificates/{booking.reference}/evaluate")
    assert page.status == 403


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.CONFIRMED, "There is no certificate yet."),
        (Status.PARTIAL, "The register shows that you were there for part of the course."),
        (Status.DID_NOT_ATTEND, "The register does not show that you completed this course"),
        (Status.CANCELLED, "The register does not show that you completed this course"),
    ],
)
def test_page_says_why_there_is_no_certificate(
    app: Flask, signed_in: SignedIn, status: Status, words: str
) -> None:
    booking = completed(status=status)
    page = signed_in(booking.person).get(f"/certificates/{booking.reference}")
    assert (page.status, words in page.text) == (200, True)
    assert signed_in(booking.person).get(f"/certificates/{booking.reference}.pdf").status == 404


def test_certificate_pdf_has_name_course_date_and_check_address(app: Flask, signed_in: SignedIn) -> None:
    booking = certified("Łucja Wiśniewska", outcomes="Know the signs\nAct on them", validity_months=36)
    answer = signed_in(booking.person).http.get(f"/certificates/{booking.reference}.pdf")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    words = PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    for expected in (
        "Łucja Wiśniewska", "Working Together", "5 May 2025", "5 May 2028", "Know the signs", number(),
        f"http://localhost/verify/{number()}",
    ):  # fmt: skip
        assert expected in words


def test_the_link_in_the_email_opens_only_that_certificate(app: Flask, stranger: PageClient) -> None:
    booking = certified()
    found = queries.certificate_of(booking.id)
    assert found is not None
    good = f"/certificate/{link_token('certificate', found.id)}.pdf"
    assert good in db.session.scalars(select(Mail.text)).one()
    assert stranger.http.get(good).data.startswith(b"%PDF-")
    for token in ("nonsense", link_token("evaluate", found.id), link_token("certificate", found.id + 1)):
        assert stranger.get(f"/certificate/{token}.pdf").status == 404


def test_a_correction_withdraws_a_certificate_and_restores_it(
    app: Flask, stranger: PageClient, signed_in: SignedIn
) -> None:
    booking = certified()
    found = queries.certificate_of(booking.id)
    assert found is not None
    link, check = f"/certificate/{link_token('certificate', found.id)}.pdf", f"/verify/{found.number}"
    booking.status = Status.DID_NOT_ATTEND
    db.session.commit()
    assert stranger.get(link).status == 404
    page = stranger.get(check)
    assert (page.h1, "Ann Archer" in page.text) == ("This certificate is no longer valid", False)
    assert queries.certificate_of(booking.id) is None
    booking.status = Status.COMPLETED
    db.session.commit()
    assert actions.issue_due(now=NOW) == 0
    assert stranger.get(check).h1 == "This certificate is genuine"


def test_anyone_can_check_a_number_however_it_is_typed(app: Flask, stranger: PageClient) -> None:
    certified()
    typed = number().lower().replace("-", " ")
    page = stranger.follow(stranger.get(f"/verify?number={typed.replace(' ', '+')}"))
    assert (page.status, page.h1) == (200, "This certificate is genuine")
    for expected in ("Ann Archer", "Working Together", "5 May 2025", number()):
        assert expected in page.text
    assert "ann@example.org" not in page.html


def test_unknown_certificate_number_is_not_found(app: Flask, stranger: PageClient) -> None:
    certified()
    page = stranger.follow(stranger.get("/verify?number=AAAA-BBBB-CCCC"))
    assert (page.status, page.h1) == (404, "No certificate has this number")
    assert "Ann Archer" not in page.text
    for nothing in ("", "%20", "---", "x" * 41):
        asked = stranger.get(f"/verify?number={nothing}")
        assert (asked.status, asked.title.startswith("Error: ")) == (422, True)
    assert stranger.get("/verify").status == 200


def test_bulk_import_of_certificates_sends_no_email(app: Flask) -> None:
    event = make.event(starts_at=NOW - timedelta(days=400), entered_at=NOW)
    bookings = [make.booking(event, status=Status.COMPLETED) for _ in range(3)]
    actions.bring_in([booking.id for booking in bookings], at=event.ends_at)
    db.session.commit()
    assert len(set(db.session.scalars(select(Certificate.number)))) == 3
    assert mails() == []


def test_certificates_are_issued_beyond_one_batch(app: Flask) -> None:
    event = make.event(make.course(is_evaluated=False), starts_at=NOW - timedelta(days=1), capacity=200)
    of = make.agency()
    for _ in range(60):
        make.booking(event, make.person(of=of), Status.COMPLETED)
    db.session.commit()
    assert actions.issue_due(now=NOW) == 60


def test_a_release_needs_a_reason(app: Flask) -> None:
    booking = completed()
    with pytest.raises(Refused, match="Say why"):
        actions.release(booking, by=make.officer(), now=NOW, reason=" ")


def test_certificate_number_is_read_in_any_format() -> None:
    assert as_number(" 7kq2 m9xd-4tra ") == "7KQ2-M9XD-4TRA"
    assert as_number("…") == ""
    drawn = new_number()
    assert as_number(drawn.replace("-", "").lower()) == drawn


@pytest.mark.parametrize(
    ("months", "day"), [(None, None), (24, date(2027, 5, 6)), (36, date(2028, 5, 6)), (21, date(2027, 2, 6))]
)
def test_a_certificate_is_valid_for_its_courses_months(months: int | None, day: date | None) -> None:
    assert valid_until(NOW, months) == day


def test_there_is_no_certificate_before_the_course_is_over(
    app: Flask, signed_in: SignedIn, clock: TestClock
) -> None:
    event = make.event(make.course(is_evaluated=False), starts_at=NOW)
    booking = make.booking(event, status=Status.COMPLETED)
    db.session.commit()
    clock.now = NOW + timedelta(hours=3)
    client = signed_in(booking.person)
    page = client.get(f"/certificates/{booking.reference}")
    made = client.post(f"/certificates/{booking.reference}/issue")
    form = client.post(f"/certificates/{booking.reference}/evaluate")
    assert page.text.count("The course is not over yet. You can get the certificate afterwards.") == 1
    assert (made.status, form.status, queries.certificate_of(booking.id)) == (409, 409, None)


def test_a_certificate_keeps_the_name_that_it_was_issued_to(app: Flask, stranger: PageClient) -> None:
    event = make.event(make.course(is_evaluated=False), starts_at=NOW - timedelta(days=1))
    booking = make.booking(event, make.person("Ann Ellis"), status=Status.COMPLETED)
    number = actions.issue(booking, now=NOW).number
    booking.person.name = "Ben Borrower"
    db.session.commit()
    page = stranger.get(f"/verify/{number}")
    assert ("Ann Ellis" in page.text, "Ben Borrower" in page.text) == (True, False)


def test_policy_can_issue_it_on_completion_with_evaluation_due(app: Flask, signed_in: SignedIn) -> None:
    booking = completed(policies={"certificate_needs_evaluation": False})
    invitation = invited(booking)
    assert actions.issue_due(now=NOW) == 1
    assert mails() == [("evaluation_invitation", "ann@example.org"), ("certificate_ready", "ann@example.org")]
    browser = signed_in(booking.person)
    page = browser.get(f"/certificates/{booking.reference}")
    assert number() in page.text
    assert "You can still tell us how the course was" in page.text
    form = browser.send(page, "/evaluate")
    assert "Your certificate is ready" not in form.text
    answer(invitation, ANSWERS, now=NOW)
    db.session.commit()
    assert "You can still tell us" not in browser.get(f"/certificates/{booking.reference}").text
    assert actions.issue_due(now=NOW) == 0


@pytest.mark.parametrize(
    ("partnership", "course", "event", "issued"),
    [
        ({}, {}, {}, 0),
        ({"certificate_needs_evaluation": False}, {}, {}, 1),
        ({"certificate_needs_evaluation": False}, {"certificate_needs_evaluation": True}, {}, 0),
        ({}, {"certificate_needs_evaluation": False}, {}, 1),
        ({}, {"certificate_needs_evaluation": False}, {"certificate_needs_evaluation": True}, 0),
        ({}, {}, {"certificate_needs_evaluation": False}, 1),
    ],
)
def test_narrowest_policy_decides_whether_certificates_wait(
    app: Flask, partnership: dict[str, bool], course: dict[str, bool], event: dict[str, bool], issued: int
) -> None:
    set_partnership_policies(partnership, seen=version_of({}), by=make.officer(), now=NOW)
    booking = completed(policies=course)
    booking.event.policies = event
    db.session.commit()
    assert is_certificate_waiting(booking.event) is (issued == 0)
    if not issued:
        with pytest.raises(NotEvaluated):
            actions.issue(booking, now=NOW)
    db.session.rollback()
    assert actions.issue_due(now=NOW) == issued


def test_page_says_what_is_done_and_what_is_missing(app: Flask, signed_in: SignedIn) -> None:
    booking = completed()
    invited(booking)
    page = signed_in(booking.person).get(f"/certificates/{booking.reference}")
    assert (
        "One thing is left to do before you get your certificate. "
        "The course Done. The register shows that you completed it "
        "The evaluation form Missing. You have not sent it yet "
        "The certificate Ready as soon as you send the form "
        "The form takes about a minute. Answer the form" in page.text
    )
    buttons = [
        form["attributes"]["action"] for form in page.forms if "sign-out" not in form["attributes"]["action"]
    ]
    assert buttons == [f"/certificates/{booking.reference}/evaluate"]


@pytest.mark.parametrize("needs", [True, False])
def test_emails_mention_the_certificate_only_if_it_waits(app: Flask, needs: bool) -> None:
    invited(completed(policies={"certificate_needs_evaluation": needs}))
    for days in (2, 6, 9, 14):
        remind_due(now=NOW + timedelta(days=days))
    words = db.session.scalars(select(Mail.subject + Mail.text + Mail.html).order_by(Mail.id))
    assert ["certificate" in each for each in words] == [needs] * 5


def test_an_email_says_a_certificate_waited_only_if_it_did(app: Flask) -> None:
    booking = completed(policies={"certificate_needs_evaluation": False})
    actions.issue(booking, now=NOW)
    said = db.session.scalars(select(Mail.text)).one()
    assert "You get this because you completed this course." in said


@pytest.mark.parametrize(
    ("needs", "welcome", "contact"),
    [
        (
            True,
            "Answer a few questions in under a minute. Your certificate is then ready.",
            "Get a certificate, once you have completed a course and sent us your evaluation",
        ),
        (
            False,
            "Answer a few questions in under a minute. Your answers decide what we change. "
            "Your certificate comes when the register shows that you completed the course.",
            "Get a certificate, once you have completed a course",
        ),
    ],
)
def test_public_pages_say_when_certificates_wait(
    app: Flask, stranger: PageClient, needs: bool, welcome: str, contact: str
) -> None:
    policies, seen = {"certificate_needs_evaluation": needs}, version_of({})
    set_partnership_policies(policies, seen=seen, by=make.officer(), now=NOW)
    db.session.commit()
    assert stranger.get("/").text.count(welcome) == 1
    pieces = stranger.get("/contact").text.split("Say what you need on the day ")[1]
    assert pieces.startswith(f"{contact} Warning")


def test_future_course_has_no_register_to_correct(app: Flask, signed_in: Callable[..., PageClient]) -> None:
    ann = make.person("Ann")
    coming, unmarked = (
        make.booking(make.event(starts_at=NOW + timedelta(days=days)), ann) for days in (30, -2)
    )
    db.session.commit()
    pages = [signed_in(ann).get(f"/certificates/{row.reference}").text for row in (coming, unmarked)]
    assert ["There is no certificate yet: the course is not over." in words for words in pages] == [
        True,
        False,
    ]
    assert ["If the register is wrong" in words for words in pages] == [False, True]


def test_a_certificate_links_back_to_its_booking_for_officers(
    app: Flask, signed_in: Callable[..., PageClient]
) -> None:
    booking = make.booking(make.event(starts_at=NOW - timedelta(days=2)), status=Status.COMPLETED)
    officer = make.officer()
    db.session.commit()
    page = signed_in(officer).get(f"/certificates/{booking.reference}")
    assert (f"/bookings/{booking.reference}", "The booking") in page.links


def test_expired_certificate_is_shown_as_genuine_and_expired(
    app: Flask, stranger: PageClient, signed_in: SignedIn, clock: TestClock
) -> None:
    booking = certified(validity_months=12)
    last_day = NOW.replace(year=2026, month=5, day=5)
    check, own = f"/verify/{number()}", signed_in(booking.person)
    clock.now = last_day
    assert stranger.get(check).h1 == "This certificate is genuine"
    assert "out of date" not in own.get(f"/certificates/{booking.reference}").text
    assert "You have 1 certificate." in own.get("/").text
    clock.now = last_day + timedelta(days=1)
    page = stranger.get(check)
    assert (page.h1, "Ann Archer" in page.text) == ("This certificate is genuine, but out of date", True)
    for shown in (page, own.get(f"/certificates/{booking.reference}")):
        assert "It was valid until 5 May 2026." in shown.text
        assert shown.text.index("out of date") < shown.text.index("Working Together")
    assert "Certificate, out of date" in own.get("/bookings").text
    assert "You have 1 certificate, out of date." in own.get("/").text
    assert queries.in_date_and_expired(booking.person_id, now=clock.now) == (0, 1)
