"""Questions about evaluations."""

from training_hub.evaluation.queries.asking import (
    invitation,
    invitation_of,
    is_due,
    is_returned,
    never_asked,
    outstanding,
    overtaken_mails,
    part_of,
    to_remind,
)
from training_hub.evaluation.queries.forms import (
    asks_before,
    bank,
    course_forms,
    default_form,
    form,
    form_named_by,
    forms,
    in_use,
    kinds,
    questions,
    versions,
)

__all__ = [
    "asks_before",
    "bank",
    "course_forms",
    "default_form",
    "form",
    "form_named_by",
    "forms",
    "in_use",
    "invitation",
    "invitation_of",
    "is_due",
    "is_returned",
    "kinds",
    "never_asked",
    "outstanding",
    "overtaken_mails",
    "part_of",
    "questions",
    "to_remind",
    "versions",
]
