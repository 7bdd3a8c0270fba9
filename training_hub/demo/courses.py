"""The fourteen courses of the catalogue: their audience, aims and outcomes."""

from training_hub.demo.courses_by_subject import BY_SUBJECT
from training_hub.demo.courses_for_everyone import FOR_EVERYONE
from training_hub.demo.wording import CourseText

COURSES: dict[str, CourseText] = {text.key: text for text in (*FOR_EVERYONE, *BY_SUBJECT)}
BOARDS = {
    "children": "Safeguarding Children Partnership",
    "domestic-abuse": "Domestic Abuse Partnership",
    "community-safety": "Community Safety Partnership",
    "adults": "Safeguarding Adults Board",
    "trust": "Children's Trust",
}
"""The boards that share the Hub, by the key that course texts use. The first board is the default."""
