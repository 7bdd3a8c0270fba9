"""The words for stages and confidentiality on pages and in emails."""

from collections.abc import Mapping

from training_hub.questionnaires.models import Confidentiality, Stage

STAGES: Mapping[Stage, str] = {
    Stage.BEFORE: "Before the course",
    Stage.END: "End of the course",
    Stage.SIX_WEEKS: "Six weeks later",
    Stage.THREE_MONTHS: "Three months later",
    Stage.MANAGER: "Line managers",
}
WHEN_ASKED: Mapping[Stage, str] = {
    Stage.BEFORE: "We ask everyone with a place, before the course date.",
    Stage.END: "We ask everyone who completed the course, as soon as the course is over.",
    Stage.SIX_WEEKS: "We ask everyone who completed the course, six weeks after the course.",
    Stage.THREE_MONTHS: "We ask everyone who completed the course, three months after the course.",
    Stage.MANAGER: "We ask the line manager of each person who completed the course.",
}
CONFIDENTIALITY: Mapping[Confidentiality, str] = {
    Confidentiality.ATTRIBUTED: "With names",
    Confidentiality.CONFIDENTIAL: "Confidential",
    Confidentiality.ANONYMOUS: "Anonymous",
}
WHO_SEES: Mapping[Confidentiality, str] = {
    Confidentiality.ATTRIBUTED: "The training team and the trainers see your name next to your answers.",
    Confidentiality.CONFIDENTIAL: "The training team sees your name next to your answers; the trainers never do.",
    Confidentiality.ANONYMOUS: "Nobody can see who said what: we know only whether you have answered.",
}
"""What we tell the person who answers, in emails and above the questions."""
OFFICERS_READ: Mapping[Confidentiality, str] = {
    Confidentiality.ATTRIBUTED: "The training team and the trainers see who said what.",
    Confidentiality.CONFIDENTIAL: "The training team sees who said what. The trainers never do.",
    Confidentiality.ANONYMOUS: "Nobody can find out who said what. Answers from before and after the course cannot be "
    "compared person by person.",
}
"""What we tell officers about who can see the answers."""
