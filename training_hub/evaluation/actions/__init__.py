"""Everything that changes an evaluation: forms, asking, reminding, answering, bringing in what came elsewhere."""

from training_hub.evaluation.actions.anonymous import rewrite_closed
from training_hub.evaluation.actions.answering import answer, halves_asked, keep_part
from training_hub.evaluation.actions.asking import (
    invite_due,
    invite_late,
    open_form,
    stop_reminding,
)
from training_hub.evaluation.actions.comments import review
from training_hub.evaluation.actions.drafting import (
    add_from_bank,
    add_new_question,
    change_question,
    choose_default,
    move_question,
    remove_question,
    set_course_forms,
    start_asking,
)
from training_hub.evaluation.actions.forms import (
    delete_draft,
    ensure_default_form,
    ensure_default_forms,
    form_asked,
    form_asked_at,
    make_default,
    make_form,
    make_version,
    put_in_use,
    set_course_form,
    set_questions,
)
from training_hub.evaluation.actions.learning import (
    add_action,
    change_action,
    review_course,
)
from training_hub.evaluation.actions.past import PastReturn, bring_in
from training_hub.evaluation.actions.reminding import opt_in, opt_out, remind_due, stop_asking_manager
from training_hub.evaluation.actions.room import (
    answer_by_address,
    answer_in_room,
    close_room,
    keep_part_in_room,
    open_room,
    shown_form,
)
from training_hub.evaluation.actions.themes import delete_theme, put_together, rename_theme
from training_hub.evaluation.actions.trials import (
    end_trial,
    start_trial,
)

__all__ = [
    "PastReturn",
    "add_action",
    "add_from_bank",
    "add_new_question",
    "answer",
    "answer_by_address",
    "answer_in_room",
    "bring_in",
    "change_action",
    "change_question",
    "choose_default",
    "close_room",
    "delete_draft",
    "delete_theme",
    "end_trial",
    "ensure_default_form",
    "ensure_default_forms",
    "form_asked",
    "form_asked_at",
    "halves_asked",
    "invite_due",
    "invite_late",
    "keep_part",
    "keep_part_in_room",
    "make_default",
    "make_form",
    "make_version",
    "move_question",
    "open_form",
    "open_room",
    "opt_in",
    "opt_out",
    "put_in_use",
    "put_together",
    "remind_due",
    "remove_question",
    "rename_theme",
    "review",
    "review_course",
    "rewrite_closed",
    "set_course_form",
    "set_course_forms",
    "set_questions",
    "shown_form",
    "start_asking",
    "start_trial",
    "stop_asking_manager",
    "stop_reminding",
]
