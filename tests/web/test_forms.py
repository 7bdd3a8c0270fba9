"""Forms: what is typed is kept, and what is wrong is said in words next to it and above."""

import enum
from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired

from tests.page_client import PageClient
from tests.web.door import opened
from training_hub.web.fields import DayField, NumberField, TimeField
from training_hub.web.forms import (
    Checkboxes,
    Form,
    Radios,
    Select,
    hidden_values,
    render_form_page,
)

pytestmark = pytest.mark.changes_the_app

PAGE = "web_test_form.html"
TEMPLATE = """{% extends "base.html" %}{% import "macros/forms.html" as f %}
{% block title %}Book a place{% endblock %}
{% block content %}{{ f.error_summary(form) }}<h1>Book a place</h1>{{ f.form_start(form, '/book') }}
{{ f.text_input(form.email, autocomplete='email') }}{{ f.text_area(form.needs) }}{{ f.select(form.agency) }}
{{ f.radios(form.role) }}{{ f.checkboxes(form.days) }}{{ f.checkboxes(form.agree) }}{{ f.date_input(form.starts_on) }}
{{ f.text_input(form.starts_at) }}{{ f.text_input(form.seats) }}{{ f.scale_question(form.scale, 'low', 'high') }}
{{ f.button('Book this place') }}{{ f.form_end() }}{% endblock %}"""


class Role(enum.Enum):
    """Of a delegate."""

    LEAD = "lead"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {"lead": "Designated lead", "other": "Something else"}[self.value]


class BookForm(Form):
    """One field of every kind."""

    email = StringField(
        "Work email address", [InputRequired("Enter your email address")], description="We send a code."
    )
    needs = TextAreaField("Needs")
    agency = Select(
        "Agency", choices={"police": "Police"}, empty="Choose your agency", missing="Choose your agency"
    )
    role = Radios("Role", choices=Role, missing="Choose your role")
    days = Checkboxes("Days", choices={"mon": "Monday", "tue": "Tuesday"})
    agree = BooleanField("I have told my manager")
    starts_on = DayField("Start", what="The start", missing="Enter the start")
    starts_at = TimeField("Time", what="The time")
    seats = NumberField("Places", what="Places", least=1, most=20, missing="Enter how many places")
    scale = Radios("Confidence", choices={str(n): str(n) for n in range(1, 6)})


def sent(app: Flask, **data: Any) -> BookForm:
    """The form as it is after `data` was sent; checked."""
    with app.test_request_context("/", method="POST"):
        form = BookForm(MultiDict(data), meta={"csrf": False})
        form.validate()
        return form


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser, before an application in which /book is the form above."""

    def view() -> Any:
        form = BookForm()
        if form.validate_on_submit():
            return "booked", {"Content-Type": "text/plain"}
        return render_form_page(PAGE, form)

    assert app.jinja_env.loader is not None
    app.jinja_env.loader = ChoiceLoader([DictLoader({PAGE: TEMPLATE}), app.jinja_env.loader])
    opened(app, "/book", view, post=True)
    return PageClient(app)


WELL_FILLED = {
    "email": "a@example.org",
    "agency": "police",
    "role": "lead",
    "starts_on": ["6", "5", "2025"],
    "seats": "2",
}


def test_a_form_first_shown_answers_200_and_has_no_summary(client: PageClient) -> None:
    page = client.get("/book")
    assert (page.status, page.title.split(" – ")[0], "There is a problem" in page.text) == (
        200,
        "Book a place",
        False,
    )


def test_a_refused_form_is_422_and_keeps_what_was_typed(
    client: PageClient,
) -> None:
    first = client.get("/book")
    page = client.post(
        "/book",
        {
            **first.form("/book"),
            "email": " ",
            "needs": "A ramp & a seat",
            "starts_on": ["31", "", "2025"],
            "days": "tue",
        },
    )
    fields = page.form("/book")
    assert page.status == 422
    assert page.title.startswith("Error: Book a place – Training Hub – ")
    assert (fields["needs"], fields["starts_on"], fields["days"]) == (
        "A ramp & a seat",
        ["31", "", "2025"],
        "tue",
    )


def test_the_error_summary_links_to_inputs_in_order(client: PageClient) -> None:
    first = client.get("/book")
    page = client.post(
        "/book", {**first.form("/book"), "starts_on": ["31", "", "2025"], "starts_at": "late", "seats": "21"}
    )
    links = [(href, words) for href, words in page.links if href.startswith("#") and href != "#main"]
    assert links == [
        ("#email", "Enter your email address"),
        ("#agency", "Choose your agency"),
        ("#role-0", "Choose your role"),
        ("#starts_on-month", "The start must include a month"),
        ("#starts_at", "The time must be a time, such as 9:30am or 14:00"),
        ("#seats", "Places must be between 1 and 20"),
    ]
    assert sorted({href[1:] for href, _ in links} - set(page.ids)) == []


def test_an_invalid_input_is_described_by_hint_and_error(
    client: PageClient,
) -> None:
    first = client.get("/book")
    page = client.post("/book", first.form("/book"))
    email = next(given for given in page.inputs if given.get("name") == "email")
    assert (email["aria-invalid"], email["aria-describedby"], email["autocomplete"]) == (
        "true",
        "email-hint email-error",
        "email",
    )


def test_a_form_without_its_token_keeps_what_was_typed(
    client: PageClient,
) -> None:
    page = client.post("/book", WELL_FILLED, token=False, headers={"Sec-Fetch-Site": "same-origin"})
    kept = page.form("/book")
    assert (page.status, page.h1, kept.pop("csrf_token") != "") == (400, "Your page has expired", True)
    assert kept == WELL_FILLED
    assert client.post("/book", page.form("/book")).html == "booked"


def test_a_form_from_another_site_cannot_be_sent_again(client: PageClient) -> None:
    answers = [
        client.post("/book", WELL_FILLED, token=False, headers=headers)
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"})
    ]
    assert [(page.status, page.forms, "a@example.org" in page.html) for page in answers] == [
        (400, [], False)
    ] * 3


def test_a_well_filled_form_gives_values_of_their_kinds(app: Flask) -> None:
    form = sent(app, **WELL_FILLED, starts_at="2pm", days=["mon", "tue"], agree="y", scale="4")
    assert (form.errors, form.email.data, form.role.data, form.starts_on.data, form.starts_at.data) == (
        {},
        "a@example.org",
        Role.LEAD,
        date(2025, 5, 6),
        time(14),
    )
    assert (form.seats.data, form.days.data, form.agree.data, form.scale.data) == (
        2,
        ["mon", "tue"],
        True,
        "4",
    )


def test_text_loses_the_spaces_around_it(app: Flask) -> None:
    assert sent(app, email="  a@example.org ").email.data == "a@example.org"


@pytest.mark.parametrize(
    ("typed", "data"),
    [
        (["6", "5", "2025"], date(2025, 5, 6)),
        (["06", "05", "2025"], date(2025, 5, 6)),
        (["6", "May", "2025"], date(2025, 5, 6)),
        (["29", "feb", "2024"], date(2024, 2, 29)),
        (["2025-05-06"], date(2025, 5, 6)),
    ],
)
def test_a_date_is_read_in_every_way_that_people_write_it(app: Flask, typed: list[str], data: date) -> None:
    form = sent(app, starts_on=typed)
    assert (form.starts_on.data, form.starts_on.errors) == (data, [])


@pytest.mark.parametrize(
    ("typed", "target", "sentence"),
    [
        (["", "", ""], "starts_on-day", "Enter the start"),
        (["", "5", "2025"], "starts_on-day", "The start must include a day"),
        (["6", "", ""], "starts_on-month", "The start must include a month and a year"),
        (["6", "5", "25"], "starts_on-year", "The start must include a year with four figures, such as 2025"),
        (["30", "2", "2025"], "starts_on-day", "The start must be a real date, such as 6 5 2025"),
        (["6", "13", "2025"], "starts_on-month", "The start must be a real date, such as 6 5 2025"),
        (["tomorrow"], "starts_on-day", "The start must be a real date, such as 6 5 2025"),
    ],
)
def test_an_impossible_date_says_which_part_is_wrong(
    app: Flask, typed: list[str], target: str, sentence: str
) -> None:
    form = sent(app, starts_on=typed)
    assert [found for found in form.error_summary if found[0].startswith("starts_on")] == [(target, sentence)]


@pytest.mark.parametrize(
    ("typed", "data"),
    [
        ("9:30am", time(9, 30)),
        ("9.30", time(9, 30)),
        ("930", time(9, 30)),
        ("14:00", time(14)),
        ("2 PM", time(14)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("midday", time(12)),
        ("25:00", None),
        ("9:75", None),
        ("13pm", None),
        ("soon", None),
    ],
)
def test_a_time_is_read_in_every_way_that_people_write_it(app: Flask, typed: str, data: time | None) -> None:
    form = sent(app, starts_at=typed)
    wrong = [] if data else ["The time must be a time, such as 9:30am or 14:00"]
    assert (form.starts_at.data, form.starts_at.errors) == (data, wrong)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter how many places"),
        ("two", "Places must be a whole number, such as 1"),
        ("1.5", "Places must be a whole number, such as 1"),
        ("0", "Places must be between 1 and 20"),
        ("٣", "Places must be a whole number, such as 1"),
    ],
)
def test_text_instead_of_a_number_says_what_to_enter(app: Flask, typed: str, sentence: str) -> None:
    assert sent(app, seats=typed).seats.errors == [sentence]


def test_a_choice_that_was_not_offered_is_refused_in_words(app: Flask) -> None:
    form = sent(app, role="queen", agency="mi5", scale="9")
    assert (form.role.errors, form.agency.errors, form.scale.errors) == (
        ["Choose your role"],
        ["Choose your agency"],
        ["Choose one of the answers shown"],
    )


def test_an_enum_is_offered_by_its_labels(app: Flask) -> None:
    with app.test_request_context("/"):
        assert [(choice.value, choice.label) for choice in BookForm().role.iter_choices()] == [
            ("lead", "Designated lead"),
            ("other", "Something else"),
        ]


def test_answers_are_carried_through_a_page_as_values(app: Flask) -> None:
    form = sent(app, **WELL_FILLED, days=["mon", "tue"], agree="y")
    names = ("email", "role", "days", "agree", "starts_on", "seats", "starts_at", "scale")
    assert {name: hidden_values(form[name]) for name in names} == {
        "email": ["a@example.org"],
        "role": ["lead"],
        "days": ["mon", "tue"],
        "agree": ["y"],
        "starts_on": ["2025-05-06"],
        "seats": ["2"],
        "starts_at": [""],
        "scale": [],
    }
