"""The search form of the programme."""

from datetime import date, timedelta

from wtforms import BooleanField, SearchField

from training_hub.catalogue.models import Level
from training_hub.pages.queries.programme import Choices, Search
from training_hub.web.forms import Form, Select
from training_hub.wording import month_year

MOST_WORDS = 8
MONTHS_SHOWN = 18
SEARCHED = ("words", "course", "board", "level", "month", "place", "left")
IN_CALENDAR = ("words", "course", "board", "level", "place")
"""Filters that the calendar feed keeps. Not the month, as the feed would be empty once the month is over."""
PLACE_CHOICES = {"room": "In person", "online": "Online"}


class ListingForm(Form):
    """The filters of the programme. Ignores unknown values, because anyone can type them into the address."""

    class Meta(Form.Meta):
        csrf = False

    words = SearchField("Words in the title")
    course = Select("Course", empty="All courses", validators=[])
    board = Select("Board", empty="All boards", validators=[])
    level = Select("Level", empty="All levels", validators=[])
    month = Select("Month", empty="All months", validators=[])
    place = Select("Where", choices=PLACE_CHOICES, empty="Anywhere", validators=[])
    left = BooleanField("Only dates with places left")

    def offer(self, choices: Choices, *, today: date) -> None:
        """Set the choices of the filters to those that the programme has."""
        self.course.choices = dict(choices.courses)
        self.board.choices = dict(choices.boards)
        self.level.choices = {level.value: level.value.capitalize() for level in choices.levels}
        self.month.choices = months(today, choices.last_day)

    def search(self) -> Search:
        """The search that the reader entered."""
        month, place, level = self._given("month"), self._given("place"), self._given("level")
        return Search(
            words=tuple((self.words.data or "")[:200].split()[:MOST_WORDS]),
            course=self._given("course"),
            board=self._given("board"),
            level=Level(level) if level else None,
            month=date.fromisoformat(f"{month}-01") if month else None,
            is_online=place == "online" if place else None,
            only_free=bool(self.left.data),
        )

    def _given(self, name: str) -> str:
        field = self[name]
        return str(field.data) if field.data in field.choices else ""


def months(first: date, last: date | None) -> dict[str, str]:
    """The months from the first day to the last: {"2025-05": "May 2025", …}."""
    found: dict[str, str] = {}
    day = first.replace(day=1)
    while last is not None and day <= last and len(found) < MONTHS_SHOWN:
        found[f"{day:%Y-%m}"] = month_year(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found
