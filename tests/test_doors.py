"""Every door of the application: who may use it, and that a stranger gets nowhere."""

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter

from tests.page_client import PageClient
from training_hub.access import GRANTS, Permission, Role, access_of

SOMETHING: dict[type, object] = {IntegerConverter: 1, AnyConverter: "csv"}
"""What fills the gap of an address that will not take any word."""


def doors(app: Flask) -> list[tuple[str, str, frozenset[str]]]:
    """Each address, with its endpoint and methods; numbers and words stand where the address has a gap."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        gaps = {
            name: SOMETHING.get(type(converter), "nothing") for name, converter in rule._converters.items()
        }
        built = rule.build(gaps, append_unknown=False)
        assert built is not None, rule
        found.append((built[1], rule.endpoint, frozenset(rule.methods or ())))
    return sorted(found)


def test_every_door_declares_who_may_use_it(app: Flask) -> None:
    assert [endpoint for _, endpoint, _ in doors(app) if access_of(app, endpoint) is None] == []


def test_a_stranger_is_sent_to_sign_in_wherever_a_permission_is_asked_for(
    app: Flask, stranger: PageClient
) -> None:
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


def test_a_link_that_was_not_signed_here_opens_nothing(app: Flask, stranger: PageClient) -> None:
    answers = {
        (endpoint, stranger.get(path).status)
        for path, endpoint, methods in doors(app)
        if (access_of(app, endpoint) or ("",))[0] == "by_link" and "GET" in methods
    }
    assert {status for _, status in answers} == {404}


def test_every_permission_is_granted_to_someone_and_an_administrator_reads_nobodys_bookings() -> None:
    granted = {permission for permissions in GRANTS.values() for permission in permissions}
    assert granted == set(Permission)
    assert set(GRANTS[Role.ADMINISTRATOR]) == {Permission.EDIT_PEOPLE, Permission.GRANT_ROLES}


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_no_door_takes_a_method_that_no_form_sends(app: Flask, method: str) -> None:
    taken = [endpoint for _, endpoint, methods in doors(app) if method.upper() in methods]
    assert taken == []
