"""Everything that changes an evaluation: forms, asking, reminding, answering, bringing in what came elsewhere."""

from training_hub.evaluation.actions.answering import answer, halves_asked, keep_part
from training_hub.evaluation.actions.asking import invite_due, open_form, remind_due, stop_reminding
from training_hub.evaluation.actions.comments import review
from training_hub.evaluation.actions.forms import (
    delete_draft,
    ensure_default_form,
    ensure_default_forms,
    form_asked,
    make_default,
    make_form,
    make_version,
    put_in_use,
    set_course_form,
    set_questions,
)
from training_hub.evaluation.actions.past import PastReturn, bring_in

__all__ = [
    "PastReturn",
    "answer",
    "bring_in",
    "delete_draft",
    "ensure_default_form",
    "ensure_default_forms",
    "form_asked",
    "halves_asked",
    "invite_due",
    "keep_part",
    "make_default",
    "make_form",
    "make_version",
    "open_form",
    "put_in_use",
    "remind_due",
    "review",
    "set_course_form",
    "set_questions",
    "stop_reminding",
]
