"""Answering a form, one screen after another: the same from a mail, from a page, and in the room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from training_hub.evaluation.actions import answers as answers_actions
from training_hub.evaluation.forms.answers import answers, carried, evaluation_form, read_carried, shown
from training_hub.evaluation.models.invitations import Invitation
from training_hub.evaluation.queries import answers as answers_queries
from training_hub.evaluation.rules.answers import NOTHING, Given, asked_halves, is_whole, read_part, screens
from training_hub.evaluation.rules.stages import manager_of
from training_hub.questionnaires.models import Confidentiality, Question, QuestionKind, Stage
from training_hub.questionnaires.queries import questions as questions_queries
from training_hub.web.forms import Form

UNPROCESSABLE = 422
MISSING = "This part is not answered yet. Answer it, and go on from here."


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """Somebody before a form, and where its pages are."""

    invitation: Invitation
    here: Callable[[int], str]
    """The address of one screen, by its number, from 1."""
    done: str
    """Where to go once it is sent."""
    send: Callable[[Mapping[str, Given]], None]
    """What sending does."""
    is_certificate_waiting: bool = False
    """Whether sending the form is what the certificate waits for."""
    keeps: bool = True
    """Whether what is not sent yet is kept, for whoever stops half way: not of somebody known by a typed address."""
    is_new: bool = False
    """Whether they have only just sat down: the first screen is shown, whatever was sent to bring them here."""
    known_as: str = ""
    """In the room, what they are known by there; empty elsewhere, where their name is known."""
    is_handed_round: bool = False
    """Whether the next person will have this device: its pages show and keep nothing that is anybody's."""
    leave: str = ""
    """Where somebody presses who stops, or is not who the page says; empty where there is no such button."""
    carries: Mapping[str, str] = field(default_factory=dict)
    """What each page carries to the next, by which it is known who answers."""
    keep: Callable[[Mapping[str, Given]], None] | None = None
    """What keeping part answers does, where it is not plainly to keep them with the invitation; the next screen is then
    shown at once, for no address leads to it."""
    kept_with: int | None = None
    """The id of the invitation with which part answers are kept, where it is not the one that is shown."""

    @property
    def stores_parts(self) -> bool:
        """Whether part answers are stored; else the pages carry them. Never of an anonymous form (domain 6)."""
        is_anonymous = self.invitation.questionnaire.confidentiality is Confidentiality.ANONYMOUS
        return self.keeps and not is_anonymous


def answer_screen(sitting: Sitting, *, now: datetime) -> ResponseReturnValue:
    """Show one screen; or take what was answered on it, and go on to the next, back, or send it all."""
    invitation = sitting.invitation
    questions = questions_queries.questions(invitation.questionnaire_id)
    halves = answers_actions.halves_asked(invitation, questions)
    so_far = asked_halves(_so_far(sitting, questions), halves)
    asked = screens(questions, so_far)
    is_sent = request.method == "POST" and not sitting.is_new
    begins = 1 if is_sent else _begins(asked, so_far, halves)
    number = min(max(request.values.get("screen", begins, type=int), 1), len(asked))
    here = asked[number - 1]
    if not is_sent:
        form = evaluation_form(here, halves, {**_tapped(asked[0]), **so_far})
        return _page(sitting, form, asked, number, so_far)
    form = evaluation_form(here, halves, {}, is_sent=True)
    is_right, goes_back = form.validate(), request.form.get("go") == "back"
    so_far = {**so_far, **answers(form, here)}
    if not is_right and not goes_back:
        return _page(sitting, form, asked, number, so_far)
    asked = screens(questions, so_far)
    to = number - 1 if goes_back else number + 1
    if to <= len(asked):
        return _go(sitting, asked, max(to, 1), halves, so_far, now=now)
    return _send(sitting, asked, halves, so_far, now=now)


def _go(
    sitting: Sitting,
    asked: list[list[Question]],
    number: int,
    halves: Mapping[str, frozenset[str]],
    so_far: Mapping[str, Given],
    *,
    now: datetime,
) -> ResponseReturnValue:
    if sitting.stores_parts and sitting.keep is not None:
        sitting.keep(so_far)
    elif sitting.stores_parts:
        answers_actions.keep_part(sitting.invitation, so_far, now=now)
        return redirect(sitting.here(number), 303)
    return _page(sitting, evaluation_form(asked[number - 1], halves, so_far), asked, number, so_far)


def _send(
    sitting: Sitting,
    asked: list[list[Question]],
    halves: Mapping[str, frozenset[str]],
    so_far: Mapping[str, Given],
    *,
    now: datetime,
) -> ResponseReturnValue:
    """Send it all; or go to the first screen on which something is missing, and say so."""
    number = _begins(asked, so_far, halves)
    if _is_missing(asked[number - 1], so_far, halves):
        form = evaluation_form(asked[number - 1], halves, so_far)
        form.form_errors.append(MISSING)
        return _page(sitting, form, asked, number, so_far)
    sent = {question.key for here in asked for question in here}
    given = {key: answer for key, answer in so_far.items() if key in sent}
    sitting.send(given)
    return redirect(sitting.done, 303)


def _begins(
    asked: Sequence[Sequence[Question]], so_far: Mapping[str, Given], halves: Mapping[str, frozenset[str]]
) -> int:
    """The number of the first screen on which something is missing that has to be answered, else of the last."""
    missing = (number for number, here in enumerate(asked, start=1) if _is_missing(here, so_far, halves))
    return next(missing, len(asked))


def _is_missing(
    here: Sequence[Question], so_far: Mapping[str, Given], halves: Mapping[str, frozenset[str]]
) -> bool:
    return any(
        question.is_required and not is_whole(question, so_far.get(question.key, NOTHING), halves)
        for question in here
    )


def _so_far(sitting: Sitting, questions: Sequence[Question]) -> dict[str, Given]:
    if sitting.stores_parts:
        kept_with = sitting.invitation.id if sitting.keep is None else sitting.kept_with
        return read_part(answers_queries.part_of(kept_with) if kept_with is not None else {}, questions)
    return read_carried(request.form.get("so_far", ""), questions)


def _tapped(first: Sequence[Question]) -> dict[str, Given]:
    """The answer that was tapped in the mail: to the first question, where it asks for a number. Nothing is stored."""
    number = request.args.get("tap", type=int)
    if first and number in range(1, 6) and first[0].kind in {QuestionKind.SCALE, QuestionKind.BALANCE}:
        return {first[0].key: Given(value=number)}
    return {}


def _page(
    sitting: Sitting, form: Form, asked: list[list[Question]], number: int, so_far: Mapping[str, Given]
) -> tuple[str, int]:
    invitation = sitting.invitation
    page = render_template(
        "evaluation/form.html",
        form=form,
        invitation=invitation,
        questions=shown(form, asked[number - 1]),
        number=number,
        screens=len(asked),
        action=sitting.here(number),
        so_far="" if sitting.stores_parts else carried(so_far),
        is_kept_in_room=sitting.stores_parts and sitting.keep is not None,
        confidentiality=invitation.questionnaire.confidentiality.value,
        is_certificate_waiting=sitting.is_certificate_waiting,
        known_as=sitting.known_as,
        manager=manager_of(invitation.booking)[0] if invitation.stage is Stage.MANAGER else "",
        carries=sitting.carries,
        bare=sitting.is_handed_round,
        leave=sitting.leave,
    )
    return page, UNPROCESSABLE if form.errors else 200
