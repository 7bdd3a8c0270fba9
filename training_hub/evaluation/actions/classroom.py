"""Answering in the room: a trainer opens it, and whoever has a place answers before they leave."""

from collections.abc import Mapping
from datetime import datetime

from training_hub.access import secret_hash
from training_hub.bookings.actions.changes import hold
from training_hub.bookings.models.booking import Booking
from training_hub.catalogue.models import Event
from training_hub.database import db
from training_hub.evaluation import emails
from training_hub.evaluation.actions.answers import answer, halves_asked, keep_part
from training_hub.evaluation.actions.invitations import form_asked_at
from training_hub.evaluation.models.classroom import Room
from training_hub.evaluation.models.invitations import Channel, Invitation
from training_hub.evaluation.queries import classroom as classroom_queries
from training_hub.evaluation.queries import invitations as invitations_queries
from training_hub.evaluation.rules.answers import Given, check_answers
from training_hub.evaluation.rules.classroom import (
    NoPlaceHere,
    check_in_room,
    check_may_open,
    closes_at,
    new_code,
    room_key,
)
from training_hub.evaluation.rules.invitations import AlreadyAnswered, is_chased
from training_hub.evaluation.rules.reminders import NO_MORE
from training_hub.people.models import Person
from training_hub.questionnaires.models import Confidentiality, Stage
from training_hub.questionnaires.queries import questions as questions_queries


def open_room(event: Event, *, by: Person, now: datetime) -> Room:
    """Let people answer in the room, with a new code, until some hours after the end; the open one, if there is one.

    Raises RoomNotOpen where it is too early or too late.
    """
    # Held until the transaction ends: two trainers who press at once open one room.
    hold(event)
    check_may_open(event, now=now)
    room = classroom_queries.room_of(event.id)
    if room is not None and now < room.closes_at:
        return room
    if room is None:
        room = Room(event_id=event.id)
        db.session.add(room)
    room.code, room.opened_at, room.opened_by_id = _free_code(), now, by.id
    room.closes_at = closes_at(event)
    return room


def _free_code() -> str:
    # Asked for without a flush: the room that is to have the code is not ready to be stored.
    with db.session.no_autoflush:
        code = new_code()
        while classroom_queries.is_code_taken(code):
            code = new_code()
    return code


def close_room(event: Event, *, now: datetime) -> None:
    """Take no more answers in the room. Its code is never good again: opened anew, the room gets another."""
    hold(event)
    room = classroom_queries.room_of(event.id)
    if room is not None and now < room.closes_at:
        room.closes_at = now


def shown_form(event: Event) -> Invitation:
    """What is asked in the room of an event, before it is said who answers: an invitation that is never stored."""
    form = form_asked_at(event, Stage.END)
    return Invitation(
        booking=Booking(event=event), stage=Stage.END, questionnaire=form, questionnaire_id=form.id
    )


def answer_in_room(event: Event, person_email: str, answers: Mapping[str, Given], *, now: datetime) -> None:
    """Take the answers of somebody with a place, whatever the register says by then. They are told by mail.

    Raises NoPlaceHere where nobody with this address is in the room, AlreadyAnswered the second time, Refused for
    answers that the form does not ask for.
    """
    invitation, is_unasked = _asked_in_room(
        event, person_email, next_reminder=1 if is_chased(event) else NO_MORE
    )
    answer(invitation, answers, now=now, by=Channel.ROOM)
    if is_unasked and invitation.returned_at is not None:
        # It is not back before it is due; and of an anonymous form, no moment of that day is kept anywhere.
        invitation.due_at = min(invitation.due_at, invitation.returned_at)
    emails.tell_arrived(invitation, now=now)


def keep_part_in_room(
    event: Event, person_email: str, answers: Mapping[str, Given], *, now: datetime
) -> None:
    """Keep what somebody who is signed in has answered so far, until they go on, there or by the link in the mail.

    They are asked by mail as everybody is, once the course is over and the register says that they completed it.
    Nothing is kept of an anonymous form. Raises NoPlaceHere and AlreadyAnswered, as answering does.
    """
    if form_asked_at(event, Stage.END).confidentiality is Confidentiality.ANONYMOUS:
        return
    invitation, _ = _asked_in_room(event, person_email, next_reminder=0 if is_chased(event) else NO_MORE)
    keep_part(invitation, answers, now=now)


def _asked_in_room(event: Event, person_email: str, *, next_reminder: int) -> tuple[Invitation, bool]:
    """What somebody with a place is asked in the room, made now if it is not there yet; and whether no mail asked."""
    booking = classroom_queries.place_in_room(event.id, person_email)
    if booking is not None:
        # Held until the transaction ends: of two devices that send at once, the second finds what the first stored.
        db.session.refresh(booking, with_for_update={"of": Booking})
    invitation = invitations_queries.invitation_of(booking.id) if booking is not None else None
    booking = check_in_room(booking, invitation)
    form = form_asked_at(event, Stage.END)
    is_unasked = invitation is None or invitation.next_reminder == 0
    if invitation is None:
        invitation = Invitation(
            booking=booking, stage=Stage.END, due_at=event.ends_at, next_reminder=next_reminder
        )
        db.session.add(invitation)
    # An earlier mail may have asked in an older version; this one is what they had before them.
    invitation.questionnaire = form
    # Answering holds the invitation, and so wants it stored.
    db.session.flush()
    return invitation, is_unasked


def answer_by_address(event: Event, email: str, answers: Mapping[str, Given], *, now: datetime) -> None:
    """Take the answers of whoever typed this address, if somebody booked with it.

    Who bears the code must not learn who is booked: whatever the address, what is asked, refused and answered is the
    same. What became of it is told by a mail to the address, which only its owner reads. Raises Refused for answers
    that the form does not ask for.
    """
    asked = shown_form(event)
    questions = questions_queries.questions(asked.questionnaire_id)
    check_answers(questions, answers, halves=halves_asked(asked, questions))
    try:
        answer_in_room(event, email, answers, now=now)
    except AlreadyAnswered:
        # They were told the first time.
        pass
    except NoPlaceHere:
        key = room_key(event.id, secret_hash("room", email)[:32])
        emails.tell_unknown(event, email, key=key, now=now)
