"""Answering in the classroom: the trainer opens it, and people with a place answer before they leave."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import update

from training_hub.bookings.actions.changes import hold
from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.evaluation import emails
from training_hub.evaluation.actions.answers import answer, halves_asked, keep_part
from training_hub.evaluation.actions.invitations import form_asked_at
from training_hub.evaluation.models.classroom import Classroom
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.rules.answers import Given, check_answers
from training_hub.evaluation.rules.classroom import (
    NoPlaceHere,
    check_in_classroom,
    check_may_open,
    closes_at,
    new_code,
)
from training_hub.evaluation.rules.invitations import AlreadyAnswered, is_chased
from training_hub.evaluation.rules.reminders import NO_MORE
from training_hub.people.models import Person
from training_hub.questionnaires.models import Confidentiality, Stage
from training_hub.questionnaires.queries import questions as questions_queries


def open_classroom(event: Event, *, by: Person, now: datetime) -> Classroom:
    """Open the form in the classroom, with a new code, until some hours after the end. Keeps a form that is open.

    Raises ClassroomNotOpen if it is too early or too late.
    """
    # The event stays locked until the transaction ends, so two trainers who press at once open one classroom.
    hold(event)
    check_may_open(event, now=now)
    classroom = db.session.get(Classroom, event.id)
    if classroom is not None and now < classroom.closes_at:
        return classroom
    if classroom is None:
        classroom = Classroom(event_id=event.id)
        db.session.add(classroom)
    # The database refuses a code that another classroom has. The chance is one in 887 million: press again.
    classroom.code, classroom.opened_at, classroom.opened_by_id = new_code(), now, by.id
    classroom.closes_at, classroom.unknown_addresses = closes_at(event), 0
    return classroom


def close_classroom(event: Event, *, now: datetime) -> None:
    """Stop taking answers in the classroom. A classroom that is opened again gets a new code."""
    hold(event)
    classroom = db.session.get(Classroom, event.id)
    if classroom is not None and now < classroom.closes_at:
        classroom.closes_at = now


def shown_form(event: Event) -> Invitation:
    """An unstored invitation with the form that is asked in the classroom."""
    form = form_asked_at(event, Stage.END)
    return Invitation(
        booking=Booking(event=event), stage=Stage.END, questionnaire=form, questionnaire_id=form.id
    )


def answer_in_classroom(
    event: Event, person_email: str, answers: Mapping[str, Given], *, now: datetime
) -> None:
    """Store the answers of a person with a place, whatever the register says later, and email them to confirm.

    Raises NoPlaceHere if nobody with this address is in the classroom, AlreadyAnswered the second time, and Refused
    for answers that the form does not ask for.
    """
    invitation, is_unasked = _asked_in_classroom(
        event, person_email, next_reminder=1 if is_chased(event) else NO_MORE
    )
    answer(invitation, answers, now=now, by=Channel.CLASSROOM)
    if is_unasked and invitation.returned_at is not None:
        # The return date must not be before the due date. For an anonymous form only the day is stored.
        invitation.due_at = min(invitation.due_at, invitation.returned_at)
    emails.tell_arrived(invitation, now=now)


def keep_part_in_classroom(
    event: Event, person_email: str, answers: Mapping[str, Given], *, now: datetime
) -> None:
    """Store the part answers of a signed-in person, who can continue in the classroom or by the link in the email.

    The person is invited by email like everyone else, once the register says that they completed the course. Stores
    nothing for an anonymous form. Raises NoPlaceHere and AlreadyAnswered.
    """
    if form_asked_at(event, Stage.END).confidentiality is Confidentiality.ANONYMOUS:
        return
    invitation, _ = _asked_in_classroom(event, person_email, next_reminder=0 if is_chased(event) else NO_MORE)
    keep_part(invitation, answers, now=now)


def _asked_in_classroom(event: Event, person_email: str, *, next_reminder: int) -> tuple[Invitation, bool]:
    """Returns the invitation of a person with a place, or makes one. Also returns whether no email was sent yet."""
    booking = classroom_queries.place_in_classroom(event.id, person_email)
    if booking is not None:
        # The booking stays locked until the transaction ends, so a second device finds what the first stored.
        db.session.refresh(booking, with_for_update={"of": Booking})
    invitation = invitations_queries.invitation_of(booking.id) if booking is not None else None
    booking = check_in_classroom(booking, invitation)
    form = form_asked_at(event, Stage.END)
    is_unasked = invitation is None or invitation.next_reminder == 0
    if invitation is None:
        invitation = Invitation(
            booking=booking, stage=Stage.END, due_at=event.ends_at, next_reminder=next_reminder
        )
        db.session.add(invitation)
    # An earlier email may have asked an older version. Store the version shown in the classroom.
    invitation.questionnaire = form
    # Answering locks the row of the invitation, so the row must be stored first.
    db.session.flush()
    return invitation, is_unasked


def answer_by_address(event: Event, email: str, answers: Mapping[str, Given], *, now: datetime) -> None:
    """Store the answers of the person who typed this address, if someone booked with it.

    People who know the code must not learn who is booked. So all addresses get the same questions, refusals and thanks.
    Only an email to the address says whether the answers were kept. Raises Refused for answers that the form does
    not ask for.
    """
    asked = shown_form(event)
    questions = questions_queries.questions(asked.questionnaire_id)
    check_answers(questions, answers, halves=halves_asked(asked, questions))
    try:
        answer_in_classroom(event, email, answers, now=now)
    except AlreadyAnswered:
        # The first answers were confirmed by email already.
        pass
    except NoPlaceHere:
        if emails.tell_unknown(event, email, now=now):
            one_more = {Classroom.unknown_addresses: Classroom.unknown_addresses + 1}
            db.session.execute(update(Classroom).where(Classroom.event_id == event.id).values(one_more))
