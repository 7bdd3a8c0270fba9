"""The form behind the link in the mail: everyone with the link can open it, and it is answered once."""

import gzip
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import make
from tests.conftest import NOW, TestClock
from tests.evaluation.answering import ANSWERS, SENT, answer_all, before_sending, completed, invited, path
from tests.page_client import PageClient
from training_hub.access import link_token
from training_hub.bookings.models.booking import Booking
from training_hub.bookings.models.status import Status
from training_hub.certificates.models import Certificate
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.models.answers import Answer, PartAnswers, Response
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.rules.answers import Given
from training_hub.mail.models import Mail, MailState
from training_hub.questionnaires.models import Question


def stored() -> list[tuple[str, int | None, int | None, str]]:
    """Everything that was answered, by question."""
    db.session.expire_all()
    rows = db.session.execute(
        select(Question.key, Answer.value, Answer.before, Answer.text)
        .join(Question, Answer.question_id == Question.id)
        .order_by(Answer.response_id, Question.position)
    )
    return [(key, value, before, text) for key, value, before, text in rows]


def certificates() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Certificate)) or 0)


def test_answering_earns_the_certificate_at_once(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    form = stranger.get(path(invitation))
    assert form.h1 == "How was the course?"
    assert "The training team sees your name next to your answers; the trainers never do." in form.text
    thanks = answer_all(stranger, form, **SENT)
    assert (thanks.status, thanks.h1) == (200, "Thank you, your answers have arrived")
    assert stored() == [
        ("objectives", 5, None, ""),
        ("relevance", 5, None, ""),
        ("trainer", 5, None, ""),
        ("materials", 5, None, ""),
        ("pace", 3, None, ""),
        ("knowledge", 4, 2, ""),
        ("skills", 4, 2, ""),
        ("confidence", 4, 2, ""),
        ("different", None, None, "Ask sooner."),
    ]
    certificate = db.session.scalars(select(Certificate)).one()
    assert certificate.number in thanks.text
    download = next(href for href, words in thanks.links if words == "Download your certificate (PDF)")
    assert stranger.http.get(download).data.startswith(b"%PDF-")
    assert db.session.get_one(Invitation, invitation.id).returned_at == NOW


def test_a_mail_filter_opening_the_link_changes_nothing(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    for _ in range(3):
        assert stranger.get(path(invitation)).status == 200
        assert stranger.http.head(path(invitation)).status_code == 200
        assert stranger.get(f"{path(invitation)}/thanks").status == 303
    db.session.expire_all()
    row = db.session.get_one(Invitation, invitation.id)
    assert (row.returned_at, row.next_reminder, row.link_version) == (None, 1, 1)
    assert answer_all(stranger, stranger.get(path(row)), **SENT).h1 == "Thank you, your answers have arrived"


def test_missing_answers_are_named_and_others_kept(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    page = stranger.send(
        stranger.get(path(invitation)), **{**SENT, "objectives": "", "trainer": "9", "pace": "fast"}
    )
    assert (page.status, page.title[:7]) == (422, "Error: ")
    summary = page.text.split("There is a problem")[1].split("Working Together")[0].strip()
    assert summary == (
        "Choose a number for “Did it do what it set out to do?” "
        "Choose a number for “How good was the trainer?” "
        "Choose a number for “How was the pace?”"
    )
    kept = page.form()
    assert (kept["relevance"], kept["materials"]) == ("5", "5")
    assert stored() == []
    page = stranger.send(page, objectives="5", trainer="5", pace="3")
    assert (page.status, page.title[:30]) == (200, "How was the course? Part 2 of ")


def test_a_text_that_is_too_long_is_not_cut_but_sent_back(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    last = before_sending(stranger, invitation, **SENT)
    page = stranger.send(last, **{**SENT, "change": "x" * 2001})
    assert page.status == 422
    assert "“What should we change about the course?” must be 2,000 characters or fewer" in page.text
    assert page.form()["change"] == "x" * 2001
    assert stored() == []


def test_part_answers_are_shown_again(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    second = stranger.send(stranger.get(path(invitation)), **SENT)
    assert (second.title[:28], stored()) == ("How was the course? Part 2 o", [])
    # On another device the link opens the screen where they stopped, with their earlier answers.
    other = PageClient(app)
    page = other.get(path(invitation))
    assert page.title[:28] == "How was the course? Part 2 o"
    first = other.send(page, go="back")
    assert [first.form().get(key) for key in ("objectives", "trainer", "pace")] == ["5", "5", "3"]
    assert answer_all(other, first, **{**SENT, "trainer": "2"}).h1 == "Thank you, your answers have arrived"
    assert [row[:2] for row in stored() if row[0] == "trainer"] == [("trainer", 2)]
    assert db.session.scalar(select(func.count()).select_from(PartAnswers)) == 0


def test_going_back_keeps_what_is_right_and_asks_nothing(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    second = stranger.send(stranger.get(path(invitation)), **SENT)
    back = stranger.send(second, knowledge="4", go="back")
    assert (back.status, back.title[:28]) == (200, "How was the course? Part 1 o")
    again = stranger.send(back, **SENT)
    assert (again.form()["knowledge"], again.form().get("skills")) == ("4", None)


def test_a_skipped_screen_is_asked_before_sending(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    page = stranger.post(path(invitation), {**SENT, "screen": "3"})
    assert (page.status, "This part is not answered yet." in page.text) == (422, True)
    assert stored() == []


def test_the_number_tapped_in_the_mail_is_chosen_not_stored(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    page = stranger.get(f"{path(invitation)}?tap=4&by=0")
    assert (page.form()["objectives"], stored()) == ("4", [])
    assert db.session.scalar(select(func.count()).select_from(PartAnswers)) == 0
    for nonsense in ("6", "x", "-1"):
        assert "objectives" not in stranger.get(f"{path(invitation)}?tap={nonsense}").form()
    answer_all(stranger, page, **{**SENT, "objectives": "4"})
    db.session.expire_all()
    assert db.session.get_one(Invitation, invitation.id).returned_by is Channel.INVITATION


def test_a_second_sending_stores_nothing(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    answer_all(stranger, stranger.get(path(invitation)), **SENT)
    before = stored()
    again = stranger.post(path(invitation), {**SENT, "trainer": "1", "different": "Something else"})
    assert (again.status, again.h1) == (409, "You have already answered this form")
    opened = stranger.get(path(invitation))
    assert (opened.status, opened.h1) == (200, "You have already answered this form")
    assert (stored(), certificates()) == (before, 1)


def test_the_second_of_two_equal_forms_is_refused(app: Flask) -> None:
    invitation = invited(completed())
    answers_actions.answer(invitation, ANSWERS, now=NOW)
    db.session.commit()
    with pytest.raises(Refused, match="already answered"):
        answers_actions.answer(invitation, ANSWERS, now=NOW)


@pytest.mark.parametrize("forged", ["x", "WzEsMV0.AAAA", "WzEsMV0"])
def test_a_forged_link_opens_nothing(app: Flask, stranger: PageClient, forged: str) -> None:
    invited(completed("Ann Archer"))
    for page in (stranger.get(f"/evaluate/{forged}"), stranger.post(f"/evaluate/{forged}", SENT)):
        assert page.status == 404
        assert "Ann Archer" not in page.text
    assert stored() == []


def test_a_link_for_something_else_does_not_open_the_form(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    assert stranger.get(f"/evaluate/{link_token('certificate', invitation.id)}").status == 404


def test_a_replaced_link_says_so_and_takes_no_answer(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    old = path(invitation)
    invitation.link_version = 2
    db.session.commit()
    for page in (stranger.get(old), stranger.post(old, SENT)):
        assert (page.status, page.h1) == (410, "This link has been replaced")
        assert "Ann Archer" not in page.text
    assert stranger.get(f"{old}/thanks").status == 404
    assert stored() == []


def test_an_old_link_needs_its_person_signed_in(
    app: Flask, stranger: PageClient, signed_in: Callable[..., PageClient], clock: TestClock
) -> None:
    invitation = invited(completed())
    person, other = invitation.booking.person, make.person("Ben")
    db.session.commit()
    clock.now = NOW + timedelta(days=90) - timedelta(seconds=1)
    assert stranger.get(path(invitation)).h1 == "How was the course?"
    clock.now = NOW + timedelta(days=90)
    for browser in (stranger, signed_in(other)):
        for page in (browser.get(path(invitation)), browser.post(path(invitation), SENT)):
            assert (page.status, page.h1) == (410, "This link has expired")
    assert stored() == []
    own = signed_in(person)
    assert answer_all(own, own.get(path(invitation)), **SENT).h1 == "Thank you, your answers have arrived"


def test_a_corrected_register_closes_and_reopens_the_form(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    link = path(invitation)
    booking = db.session.get_one(Booking, invitation.booking_id)
    booking.status = Status.PARTIAL
    db.session.commit()
    for page in (stranger.get(link), stranger.post(link, SENT)):
        assert (page.status, page.h1) == (410, "There is no form for you to answer")
    assert stored() == []
    db.session.get_one(Booking, invitation.booking_id).status = Status.COMPLETED
    db.session.commit()
    assert answer_all(stranger, stranger.get(link), **SENT).status == 200


def test_a_corrected_register_hides_the_certificate(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    answer_all(stranger, stranger.get(path(invitation)), **SENT)
    number = db.session.scalars(select(Certificate.number)).one()
    db.session.get_one(Booking, invitation.booking_id).status = Status.DID_NOT_ATTEND
    db.session.commit()
    page = stranger.get(path(invitation))
    assert (page.status, number in page.html) == (200, False)


def test_answers_that_no_form_would_send_are_refused(app: Flask) -> None:
    invitation = invited(completed())
    for wrong in (
        {**ANSWERS, "nonsense": Given(value=1)},
        {**ANSWERS, "trainer": Given(value=6)},
        {**ANSWERS, "knowledge": Given(value=4)},
        {key: value for key, value in ANSWERS.items() if key != "pace"},
    ):
        with pytest.raises(Refused):
            answers_actions.answer(invitation, wrong, now=NOW)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Response)) == 0


def test_returning_a_form_drops_its_waiting_reminders(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    answer_all(stranger, stranger.get(path(invitation)), **SENT)
    mails = db.session.execute(select(Mail.template, Mail.state).order_by(Mail.id)).all()
    assert [tuple(row) for row in mails] == [
        ("evaluation_invitation", MailState.DROPPED),
        ("certificate_ready", MailState.WAITING),
    ]


def test_only_the_person_sees_their_outstanding_forms(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    person, other = invitation.booking.person_id, make.person("Ben")
    assert [row.id for row in invitations_queries.outstanding(person, now=NOW)] == [invitation.id]
    assert invitations_queries.outstanding(other.id, now=NOW) == []
    db.session.commit()
    answer_all(stranger, stranger.get(path(invitation)), **SENT)
    assert invitations_queries.outstanding(person, now=NOW) == []


def test_opening_the_form_sends_less_than_30_kilobytes(app: Flask, stranger: PageClient) -> None:
    invitation = invited(completed())
    page = stranger.get(path(invitation))
    number_of_screens = int(page.text.split("Part 1 of ")[1].split()[0])
    for screen in range(1, number_of_screens + 1):
        received, asked = 0, [f"{path(invitation)}?screen={screen}"]
        # The page, and everything it loads: styles, pictures, and what these load.
        for address in asked:
            answer = stranger.http.get(address, headers={"Accept-Encoding": "gzip"})
            assert answer.status_code == 200
            received += len(answer.data) + len(str(answer.headers))
            words = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") else answer.data
            named = re.findall(r"""(?:href|src|url\()=?["']?(/static/[^"')]+)""", words.decode())
            asked += [each for each in dict.fromkeys(named) if each not in asked]
        assert len(asked) == 4
        assert received < 30_000
