"""Answering a form screen by screen, whether it was opened from an email, from a page or in the classroom."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flask import redirect, request
from flask.typing import ResponseReturnValue

from training_hub.evaluation.actions.answers import halves_asked
from training_hub.evaluation.forms.answers import answers, carried, evaluation_form, read_carried
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.rules.answers import Given, Progress, asked_halves, read_part
from training_hub.evaluation.rules.stages import manager_of
from training_hub.questionnaires.fields import shown
from training_hub.questionnaires.models import Confidentiality, QuestionKind, Stage
from training_hub.questionnaires.queries.questions import questions
from training_hub.questionnaires.rules.wording import WHO_SEES
from training_hub.web.forms import Form, render_form_page

MISSING = "This part is not answered yet. Answer it, and go on from here."


@dataclass(frozen=True, kw_only=True)
class InClassroom:
    """What the pages of a form in the classroom show and carry in addition to the questions."""

    known_as: str
    """The name or the typed address of the person who answers."""
    carries: Mapping[str, str]
    """Hidden fields that say on each page who answers."""
    is_new: bool
    """Whether the person has just given their address, and has sent no answers yet."""
    leave: str = ""
    """The address behind "Use a different email address" or "Stop". Empty for no such button."""
    is_handed_round: bool = False
    """Whether the device is handed round, so that its pages must show and keep nothing personal."""


@dataclass(frozen=True, kw_only=True)
class AnswerSession:
    """One person who answers one form: the addresses of its pages, and how to store whole and part answers."""

    invitation: Invitation
    address: str
    """The address of the form. Outside the classroom each screen has its own."""
    done: str
    """Where to go once the form is sent."""
    send: Callable[[Mapping[str, Given]], None]
    keep: Callable[[Mapping[str, Given]], None] | None = None
    """Stores part answers. None if the pages carry the answers instead."""
    kept: Mapping[str, object] = field(default_factory=dict)
    """The part answers stored so far."""
    is_certificate_waiting: bool = False
    classroom: InClassroom | None = None

    @property
    def stores_parts(self) -> bool:
        """Whether part answers are stored. Never for an anonymous form."""
        is_anonymous = self.invitation.questionnaire.confidentiality is Confidentiality.ANONYMOUS
        return self.keep is not None and not is_anonymous

    def address_of(self, number: int) -> str:
        """The address of a screen, by its number from 1."""
        if self.classroom:
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}screen={number}"


def answer_screen(session: AnswerSession) -> ResponseReturnValue:
    """Show one screen of the form, or take the answers to it."""
    progress = _progress(session)
    if request.method == "POST" and not (session.classroom and session.classroom.is_new):
        return handle_post(session, progress)
    number = _screen_number(progress, progress.first_missing)
    tapped = replace(progress, answers={**_tapped_in_mail(progress), **progress.answers})
    return _page(session, progress, number, _filled_form(tapped, number))


def handle_post(session: AnswerSession, progress: Progress) -> ResponseReturnValue:
    """Take the answers to one screen, and go to the next, go back, or send the form."""
    number = _screen_number(progress, 1)
    asked = progress.screens[number - 1]
    form = evaluation_form(asked, progress.halves, {}, is_sent=True)
    is_right, goes_back = form.validate(), request.form.get("go") == "back"
    progress = replace(progress, answers={**progress.answers, **answers(form, asked)})
    if not is_right and not goes_back:
        return _page(session, progress, number, form)
    number += -1 if goes_back else 1
    if number > len(progress.screens):
        return _send(session, progress)
    return _go_to(session, progress, max(number, 1))


def _go_to(session: AnswerSession, progress: Progress, number: int) -> ResponseReturnValue:
    if session.keep and session.stores_parts:
        session.keep(progress.answers)
        if not session.classroom:
            return redirect(session.address_of(number), 303)
    return _page(session, progress, number, _filled_form(progress, number))


def _send(session: AnswerSession, progress: Progress) -> ResponseReturnValue:
    """Send the form, or show the first screen on which an answer is missing."""
    number = progress.first_missing
    if progress.is_missing(number):
        form = _filled_form(progress, number)
        form.form_errors.append(MISSING)
        return _page(session, progress, number, form)
    session.send(progress.to_send)
    return redirect(session.done, 303)


def _progress(session: AnswerSession) -> Progress:
    asked = questions(session.invitation.questionnaire_id)
    halves = halves_asked(session.invitation, asked)
    if session.stores_parts:
        so_far = read_part(session.kept, asked)
    else:
        so_far = read_carried(request.form.get("so_far", ""), asked)
    return Progress(asked, halves, asked_halves(so_far, halves))


def _screen_number(progress: Progress, first: int) -> int:
    return min(max(request.values.get("screen", first, type=int), 1), len(progress.screens))


def _tapped_in_mail(progress: Progress) -> dict[str, Given]:
    """The number tapped in the email, as the answer to the first question. Nothing is stored."""
    number = request.args.get("tap", type=int)
    first = next(iter(progress.screens[0]), None)
    if first and number in range(1, 6) and first.kind in {QuestionKind.SCALE, QuestionKind.BALANCE}:
        return {first.key: Given(value=number)}
    return {}


def _filled_form(progress: Progress, number: int) -> Form:
    return evaluation_form(progress.screens[number - 1], progress.halves, progress.answers)


def _page(session: AnswerSession, progress: Progress, number: int, form: Form) -> tuple[str, int]:
    invitation, classroom = session.invitation, session.classroom
    confidentiality = invitation.questionnaire.confidentiality
    return render_form_page(
        "evaluation/form.html",
        form,
        invitation=invitation,
        questions=shown(form, progress.screens[number - 1]),
        number=number,
        screens=len(progress.screens),
        action=session.address_of(number),
        so_far="" if session.stores_parts else carried(progress.answers),
        confidentiality=confidentiality.value,
        who_sees=WHO_SEES[confidentiality],
        is_certificate_waiting=session.is_certificate_waiting,
        manager=manager_of(invitation.booking)[0] if invitation.stage is Stage.MANAGER else "",
        classroom=classroom,
        bare=classroom is not None and classroom.is_handed_round,
    )
