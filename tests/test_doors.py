"""Every address of the application: who may use it, and that visitors need to sign in."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter

from tests import make
from tests.page_client import PageClient
from training_hub.access import GRANTS, Permission, Role, access_of
from training_hub.web.addresses import RowNumber


def doors(app: Flask, *, number: int = 1, word: str = "nothing") -> list[tuple[str, str, frozenset[str]]]:
    """Each address, with its endpoint and methods; `number` and `word` fill the gaps of the address."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        gaps = {
            name: {RowNumber: number, AnyConverter: "csv"}.get(type(converter), word)
            for name, converter in rule._converters.items()
        }
        built = rule.build(gaps, append_unknown=False)
        assert built is not None, rule
        found.append((built[1], rule.endpoint, frozenset(rule.methods or ())))
    return sorted(found)


def test_every_door_declares_who_may_use_it(app: Flask) -> None:
    assert [endpoint for _, endpoint, _ in doors(app) if access_of(app, endpoint) is None] == []


def test_visitor_is_sent_to_sign_in_where_permission_is_needed(app: Flask, stranger: PageClient) -> None:
    answers = set()
    for path, endpoint, methods in doors(app):
        declared = access_of(app, endpoint)
        if declared is None or declared[0] != "requires":
            continue
        for method in methods & {"GET", "POST"}:
            page = stranger.get(path) if method == "GET" else stranger.post(path)
            location = page.response.headers.get("Location", "")
            answers.add((page.status, location.split("?")[0]))
    assert answers == {(303, "/sign-in")}


def test_link_with_a_wrong_signature_opens_nothing(app: Flask, stranger: PageClient) -> None:
    answers = {
        (endpoint, stranger.get(path).status)
        for path, endpoint, methods in doors(app)
        if (access_of(app, endpoint) or ("",))[0] == "by_link" and "GET" in methods
    }
    assert {status for _, status in answers} == {404}


def test_every_permission_is_granted_and_admins_read_no_bookings() -> None:
    granted = {permission for permissions in GRANTS.values() for permission in permissions}
    assert granted == set(Permission)
    assert set(GRANTS[Role.ADMINISTRATOR]) == {Permission.EDIT_PEOPLE, Permission.GRANT_ROLES}


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_door_takes_a_method_that_no_form_sends(app: Flask, method: str) -> None:
    taken = [endpoint for _, endpoint, methods in doors(app) if method.upper() in methods]
    assert taken == []


def test_impossible_row_number_is_not_found(app: Flask, signed_in: Callable[..., PageClient]) -> None:
    everything = make.person("Eve Everything", *(set(Role) - {Role.PRACTITIONER}))
    client = signed_in(everything)
    plain = {path for path, _, _ in doors(app)}
    for number in (2**31, 10**25):
        paths = {path for path, _, methods in doors(app, number=number) if "GET" in methods} - plain
        assert {(path, client.get(path).status) for path in paths} == {(path, 404) for path in paths}
    page = client.get(f"/reports/programme/people?figure=booked&course={10**25}")
    assert page.status == 404


def test_null_character_is_refused_in_addresses_and_forms(
    app: Flask, signed_in: Callable[..., PageClient]
) -> None:
    everything = make.person("Eve Everything", *(set(Role) - {Role.PRACTITIONER}))
    client = signed_in(everything)
    plain = {path for path, _, _ in doors(app)}
    paths = {path for path, _, methods in doors(app, word="a\0b") if "GET" in methods} - plain
    paths |= {"/dates?words=%00", "/dates.ics?words=%00", "/outbox?q=%00", "/manage/people?q=%00"}
    assert {(path, client.get(path).status) for path in paths} == {(path, 400) for path in paths}
    assert client.post("/sign-in", {"email": "ann@example.org", "next": "/\0"}).status == 400
