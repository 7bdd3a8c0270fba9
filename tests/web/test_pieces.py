"""Pieces of pages: what their colours and bars show, their words say too."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, render_template_string

from training_hub.bookings.models.status import Status


def drawn(call: str, **facts: Any) -> str:
    return render_template_string('{% import "macros/pieces.html" as p %}{{ p.' + call + " }}", **facts)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(
    ("taken", "waiting", "said"),
    [
        (21, 0, "3 of 24 places left"),
        (0, 0, "24 of 24 places left"),
        (24, 5, "Full, 5 waiting"),
        (24, 0, "Full"),
        (25, 0, "Full"),
    ],
)
def test_places_are_in_words_next_to_the_bar(app: Flask, taken: int, waiting: int, said: str) -> None:
    assert words(drawn("places_meter(taken, 24, waiting)", taken=taken, waiting=waiting)) == said


def test_one_place_is_not_called_places(app: Flask) -> None:
    assert words(drawn("places_meter(0, 1)")) == "1 of 1 place left"


def test_an_outcome_bar_has_words_for_all_seven(app: Flask) -> None:
    html = drawn("outcome_bar(counts)", counts={Status.COMPLETED: 3, Status.DID_NOT_ATTEND: 1})
    assert re.findall(r'<rect x="([\d.]+)" width="([\d.]+)" height="10" fill="(#\w+)"', html) == [
        ("0", "748.0", "#1d6f42"),
        ("750.0", "248.0", "#a4262c"),
    ]
    assert words(html) == (
        "Completed 3 Partial 0 Did not attend 1 Cancelled 0 Cancelled late 0 Event cancelled 0 Not recorded 0"
    )


def test_an_outcome_bar_of_nothing_is_empty_and_says_so(app: Flask) -> None:
    html = drawn("outcome_bar({})")
    assert (html.count("<rect"), words(html).count(" 0")) == (1, 7)


def test_an_outcome_tag_has_its_word_and_colour(app: Flask) -> None:
    assert drawn("outcome_tag(status)", status=Status.DID_NOT_ATTEND) == (
        '<span class="outcome o-did_not_attend">Did not attend</span>'
    )


def test_a_date_card_has_its_date_in_words_and_one_link(app: Flask) -> None:
    html = drawn(
        "date_card('Neglect <1>', '/dates/1', start, end, 'Online', 21, 24)",
        start=datetime(2025, 5, 6, 8, 30, tzinfo=UTC),
        end=datetime(2025, 5, 6, 15, 30, tzinfo=UTC),
    )
    assert words(html) == (
        "Tue 6 May Neglect &lt;1&gt; Tuesday 6 May 2025, 9:30am to 4:30pm · Online "
        "3 of 24 places left See and book : Neglect &lt;1&gt;, Tuesday 6 May 2025"
    )
    assert re.findall(r'href="([^"]+)"', html) == ["/dates/1"]


def test_a_figure_table_shows_zero_as_0_and_none_as_a_dash(app: Flask) -> None:
    html = drawn(
        "figure_table('Courses', ['Course', 'Booked', 'Rate'], rows, total=['All', 1657, '42.2%'])",
        rows=[[("Neglect", "/1"), 0, None], ["Other", 1657, "42.2%"]],
    )
    assert re.findall(r"<td>([^<]*)</td>", html) == ["0", "–", "1,657", "42.2%", "1,657", "42.2%"]
    assert re.findall(r'<th scope="row">(.*?)</th>', html) == ['<a href="/1">Neglect</a>', "Other", "All"]
    assert 'role="region" aria-label="Courses" tabindex="0"' in html


def test_an_empty_answer_is_a_dash_with_a_named_change_link(app: Flask) -> None:
    html = drawn("summary_list(rows)", rows=[("Needs", "", "/needs"), ("Seats", 0)])
    assert words(html) == "Needs – Change needs Seats 0"
