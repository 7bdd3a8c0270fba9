"""Stages and confidentiality, as people read them."""

from collections.abc import Mapping

from training_hub.questionnaires.models import Confidentiality, Stage

SAID: Mapping[Confidentiality, str] = {
    Confidentiality.ATTRIBUTED: "The training team and the trainers see your name beside your answers.",
    Confidentiality.CONFIDENTIAL: "The training team sees your name beside your answers; the trainers never do.",
    Confidentiality.ANONYMOUS: "Nobody can find out what you answered.",
}
"""What whoever answers is told of it."""

STAGES: dict[Stage, str] = {
    Stage.BEFORE: "Before the course",
    Stage.END: "End of the course",
    Stage.SIX_WEEKS: "Six weeks later",
    Stage.THREE_MONTHS: "Three months later",
    Stage.MANAGER: "Line managers",
}
