"""Comparing two wordings of a mail: what is compared, and what came of it."""

from datetime import datetime
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from training_hub import clock
from training_hub.access import Permission, requires
from training_hub.evaluation.actions import trials as trials_actions
from training_hub.evaluation.forms.trials import TrialForm
from training_hub.evaluation.models.trials import WordingTrial
from training_hub.evaluation.queries import trials as trials_queries
from training_hub.evaluation.rules.trials import (
    STEPS,
    AlreadyCompared,
    WrongWording,
    arms,
    newcombe,
    verdict,
    wilson,
)
from training_hub.evaluation.views.blueprint import blueprint
from training_hub.web.forms import render_form_page

P = Permission
CONFLICT = 409


@blueprint.get("/results/wordings")
@requires(P.READ_REPORTS)
def trials() -> str:
    """Every comparison, those that are being made first."""
    return render_template(
        "evaluation/trials/list.html",
        trials=trials_queries.trials(),
        steps=STEPS,
        may_change=current_user.may(P.EDIT_FORMS),
    )


@blueprint.route("/results/wordings/add", methods=["GET", "POST"])
@requires(P.EDIT_FORMS)
def add_trial() -> ResponseReturnValue:
    """Begin to compare two wordings."""
    form = TrialForm()
    if form.validate_on_submit():
        try:
            trial = trials_actions.start_trial(
                int(form.step.data),
                form.wording_a.data or "",
                form.wording_b.data or "",
                by=current_user._get_current_object(),
                now=clock.now(),
            )
        except WrongWording as wrong:
            form.say_wrong(wrong)
            if isinstance(wrong, AlreadyCompared):
                return render_form_page("evaluation/trials/add.html", form)[0], CONFLICT
        else:
            return redirect(url_for("evaluation.trial", trial_id=trial.id, started=""), 303)
    return render_form_page("evaluation/trials/add.html", form)


@blueprint.get("/results/wordings/<int:trial_id>")
@requires(P.READ_REPORTS)
def trial(trial_id: int) -> str:
    """What became of both wordings, and what can honestly be said of the difference."""
    found = trials_queries.trial(trial_id) or abort(404)
    return render_template(
        "evaluation/trials/trial.html",
        trial=found,
        mail=STEPS[found.step],
        started="started" in request.args,
        ended="ended" in request.args,
        may_change=current_user.may(P.EDIT_FORMS),
        **_figures(found, now=clock.now()),
    )


@blueprint.post("/results/wordings/<int:trial_id>/end")
@requires(P.EDIT_FORMS)
def end_trial(trial_id: int) -> ResponseReturnValue:
    """Begin the mail with its usual sentence again."""
    found = trials_queries.trial(trial_id) or abort(404)
    trials_actions.end_trial(found, now=clock.now())
    return redirect(url_for("evaluation.trial", trial_id=trial_id, ended=""), 303)


def _figures(trial: WordingTrial, *, now: datetime) -> dict[str, Any]:
    found = arms(trials_queries.sent_in(trial.id), now=now)
    a, b = found["A"], found["B"]
    return {
        "arms": [
            ("A", trial.wording_a, a, wilson(a.returned, a.n)),
            ("B", trial.wording_b, b, wilson(b.returned, b.n)),
        ],
        "verdict": verdict(a, b),
        "difference": None if a.rate is None or b.rate is None else b.rate - a.rate,
        "interval": newcombe(a, b),
        "early": a.early + b.early,
    }
