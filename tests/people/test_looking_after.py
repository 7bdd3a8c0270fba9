"""Looking after people, roles and agencies: who may, and what they cannot do."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests import make
from tests.conftest import NOW
from tests.page_client import PageClient
from tests.sign_in.test_signing_in import account_of, errors
from training_hub.access import Role
from training_hub.database import db
from training_hub.errors import Refused
from training_hub.people import actions
from training_hub.people.actions import Details
from training_hub.people.models import Agency, Person, Sector
from training_hub.people.queries import person_by_email
from training_hub.people.rules import AddressTaken, NotAnAddress

SignedIn = Callable[..., PageClient]

NAMES = ("Łukasz Żak", "Élodie Roux")
PAGES = ("/manage/people", "/manage/people/new", "/manage/agencies", "/manage/agencies/new")


def administrator(name: str = "Ada Administrator") -> Person:
    return make.person(name, Role.ADMINISTRATOR, email=f"{name.split()[0].lower()}@example.org")


def read(person: Person) -> Person:
    db.session.expire_all()
    return db.session.get_one(Person, person.id)


@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.HUB_MEMBER])
def test_people_pages_need_the_permission(app: Flask, signed_in: SignedIn, role: Role | None) -> None:
    secret = make.person("Secret Person")
    browser = signed_in(make.person("Ann Lee", *([role] if role else [])))
    for path in (*PAGES, f"/manage/people/{secret.id}", f"/manage/agencies/{secret.agency_id}"):
        page = browser.get(path)
        assert (page.status, "Secret" in page.text) == (403, False)
    refused = browser.post(f"/manage/people/{secret.id}", {"name": "X", "email": "x@example.org"})
    assert (refused.status, read(secret).name) == (403, "Secret Person")


def test_a_stranger_is_sent_to_sign_in(app: Flask, stranger: PageClient) -> None:
    person = make.person("Secret Person")
    for path in (*PAGES, f"/manage/people/{person.id}"):
        assert stranger.get(path).response.headers["Location"] == f"/sign-in?next={path}"
    assert stranger.post(f"/manage/people/{person.id}/roles", {"roles": "administrator"}).status == 303
    assert read(person).roles == {Role.PRACTITIONER}


def names(browser: PageClient, path: str) -> list[str]:
    page = browser.get(path)
    return [words for href, words in page.links if href.startswith("/manage/people/") and "new" not in href]


@pytest.mark.postgres
def test_people_are_found_by_name_address_or_agency(app: Flask, signed_in: SignedIn) -> None:
    school = make.agency("Hope Farm 100% School")
    make.person("Ann Lee", of=school, email="ann@example.org")
    make.person("Ben Lee", Role.TRAINER, email="ben@police.example.org")
    make.person("Cat Coe", email="cat@example.org", is_active=False)
    browser = signed_in(make.officer())
    assert names(browser, "/manage/people") == ["Ann Lee", "Ben Lee", "Olive Officer"]
    assert names(browser, "/manage/people?q=LEE") == ["Ann Lee", "Ben Lee"]
    assert names(browser, "/manage/people?q=lee+hope") == ["Ann Lee"]
    assert names(browser, "/manage/people?q=100%25") == ["Ann Lee"]
    assert names(browser, "/manage/people?q=@police") == ["Ben Lee"]
    assert names(browser, "/manage/people?role=trainer") == ["Ben Lee"]
    assert names(browser, f"/manage/people?agency={school.id}") == ["Ann Lee"]
    assert names(browser, "/manage/people?closed=y") == ["Cat Coe"]
    page = browser.get("/manage/people?q=nobody-of-this-name")
    assert "Nobody matches" in page.text


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=x",
        "role=king",
        "agency=999999999999",
        "q=%01%27",
    ],
)
def test_a_list_survives_anything_in_its_address(app: Flask, signed_in: SignedIn, query: str) -> None:
    browser = signed_in(make.officer())
    assert browser.get(f"/manage/people?{query}&_external=1&endpoint=x").status == 200
    assert browser.get(f"/manage/agencies?{query}&_external=1").status == 200


def test_the_list_pages_and_its_queries_do_not_grow(
    app: Flask, signed_in: SignedIn, queries: Callable[[Callable[[], object]], int]
) -> None:
    browser = signed_in(make.officer())
    browser.get("/manage/people")
    asked = []
    for number in (1, 2, 47):
        for row in range(number):
            make.person(f"Person {number}-{row:02}", Role.TRAINER, of=make.agency())
        db.session.commit()
        db.session.expunge_all()
        asked.append(
            (queries(lambda: browser.get("/manage/people")), queries(lambda: browser.get("/manage/agencies")))
        )
    assert asked[0] == asked[1] == asked[2]
    page = browser.get("/manage/people")
    assert "51 people" in page.text
    assert "Page 1 of 2" in page.text
    assert ("/manage/people?page=2", "Next page") in page.links
    assert len(names(browser, "/manage/people?page=2")) == 1


def test_an_officer_adds_a_person_who_can_then_sign_in(app: Flask, signed_in: SignedIn) -> None:
    agency = make.agency("Hope Farm")
    browser = signed_in(make.officer())
    page = browser.send(
        browser.get("/manage/people/new"),
        "/new",
        name="Dee Day",
        email="Dee@Example.org",
        agency=str(agency.id),
        job_role="Nurse",
    )
    assert page.h1 == "Dee Day"
    assert "They can sign in with a code sent to dee@example.org." in page.text
    dee = person_by_email("dee@example.org")
    assert dee is not None
    assert (dee.name, dee.agency_id, dee.entered_at, dee.registered_at, dee.roles) == (
        "Dee Day",
        agency.id,
        NOW,
        NOW,
        {Role.PRACTITIONER},
    )


def test_an_address_belongs_to_one_person(app: Flask, signed_in: SignedIn) -> None:
    ann, ben = make.person("Ann Lee", email="ann@example.org"), make.person("Ben", email="ben@example.org")
    browser = signed_in(make.officer())
    refused = browser.send(browser.get("/manage/people/new"), "/new", name="X", email="ANN@example.org")
    assert (refused.status, errors(refused)) == (422, ["Ann Lee already has this email address."])
    page = browser.get(f"/manage/people/{ben.id}")
    refused = browser.send(page, f"/{ben.id}", email="ann@example.org", name="Benjamin")
    assert (refused.status, errors(refused)) == (422, ["Ann Lee already has this email address."])
    assert (read(ben).name, read(ben).email, read(ann).email) == ("Ben", "ben@example.org", "ann@example.org")


def test_a_new_address_or_closed_account_ends_sign_ins(app: Flask, signed_in: SignedIn) -> None:
    ann, ben, cat = make.person("Ann Lee"), make.person("Ben"), make.person("Cat")
    phones = [signed_in(person) for person in (ann, ben, cat)]
    browser = signed_in(make.officer())
    browser.send(browser.get(f"/manage/people/{ann.id}"), f"/{ann.id}", email="lee@example.org")
    closing = browser.get(f"/manage/people/{ben.id}").form(f"/{ben.id}")
    del closing["is_active"]
    browser.post(f"/manage/people/{ben.id}", closing)
    browser.send(browser.get(f"/manage/people/{cat.id}"), f"/{cat.id}", job_role="Cook")
    assert [account_of(phone.follow(phone.get("/profile"))) for phone in phones] == ["", "", "Cat"]
    assert [read(person).sign_in_version for person in (ann, ben, cat)] == [2, 2, 1]
    assert (read(ann).email, read(ben).is_active) == ("lee@example.org", False)


@pytest.mark.parametrize("role", [Role.HUB_OFFICER, Role.ADMINISTRATOR])
def test_an_officer_cannot_take_over_a_guarded_account(app: Flask, signed_in: SignedIn, role: Role) -> None:
    other = make.person("Guarded Person", role, email="guarded@example.org")
    officer = make.officer()
    browser = signed_in(officer)
    page = browser.get(f"/manage/people/{other.id}")
    assert "Only an administrator can change their email address" in page.text
    assert "email" not in page.form(f"/{other.id}")
    # The fields are sent anyway, as from a page opened before the role was given.
    sent = {**page.form(f"/{other.id}"), "email": "evil@example.org", "is_active": "", "name": "New Name"}
    browser.post(f"/manage/people/{other.id}", sent)
    other = read(other)
    assert (other.name, other.email, other.is_active, other.sign_in_version) == (
        "New Name",
        "guarded@example.org",
        True,
        1,
    )
    for email, is_active in (("evil@example.org", True), (other.email, False)):
        details = Details(email=email, name="X")
        with pytest.raises(Refused, match="Only an administrator can change their email address"):
            actions.edit_person(other, details, is_active=is_active, by=officer, now=NOW)
    assert (other.email, other.is_active) == ("guarded@example.org", True)


def test_an_officer_cannot_give_roles_or_see_the_form(app: Flask, signed_in: SignedIn) -> None:
    officer, ann = make.officer(), make.person("Ann Lee")
    browser = signed_in(officer)
    assert "Save the roles" not in browser.get(f"/manage/people/{ann.id}").text
    for person in (officer, ann):
        refused = browser.post(f"/manage/people/{person.id}/roles", {"roles": "administrator"})
        assert refused.status == 403
    assert (read(officer).roles, read(ann).roles) == (
        {Role.PRACTITIONER, Role.HUB_OFFICER},
        {Role.PRACTITIONER},
    )
    with pytest.raises(Refused):
        actions.add_person(Details(email="x@example.org", name="X"), [Role.TRAINER], by=officer, now=NOW)
    with pytest.raises(Refused):
        actions.change_roles(ann, [Role.TRAINER], by=officer, now=NOW)


def test_roles_given_or_taken_away_count_at_once(app: Flask, signed_in: SignedIn) -> None:
    ada = administrator()
    ann = make.person("Ann Lee", Role.TRAINER)
    browser, phone = signed_in(ada), signed_in(ann)
    assert phone.get("/manage/people").status == 403
    page = browser.get(f"/manage/people/{ann.id}")
    assert page.form("/roles")["roles"] == "trainer"
    page = browser.send(page, "/roles", roles=["hub officer", "hub member"])
    assert "The roles are saved" in page.text
    assert read(ann).roles == {Role.PRACTITIONER, Role.HUB_OFFICER, Role.HUB_MEMBER}
    assert phone.get("/manage/people").status == 200
    browser.post(f"/manage/people/{ann.id}/roles", {})
    assert read(ann).roles == {Role.PRACTITIONER}
    assert phone.get("/manage/people").status == 403


def test_a_training_lead_needs_an_agency(app: Flask, signed_in: SignedIn) -> None:
    ann, ben = make.person("Ann Lee", of=make.agency("Oak School")), make.person("Ben Ito")
    ben.agency = None
    browser = signed_in(administrator())
    page = browser.get(f"/manage/people/{ann.id}")
    browser.send(page, "/roles", roles=["agency training lead"])
    assert read(ann).roles == {Role.PRACTITIONER, Role.AGENCY_LEAD}
    refused = browser.post(f"/manage/people/{ben.id}/roles", {"roles": ["agency training lead"]})
    assert (refused.status, "Choose their agency first" in refused.text) == (409, True)
    assert read(ben).roles == {Role.PRACTITIONER}


def test_changing_agency_ends_the_role_of_training_lead(app: Flask, signed_in: SignedIn) -> None:
    oak, elm = make.agency("Oak School"), make.agency("Elm School")
    own, moved, kept = (
        make.person(name, Role.AGENCY_LEAD, Role.TRAINER, of=oak) for name in ("Ann", "Ben", "Cy")
    )
    lead = signed_in(own)
    page = lead.get("/profile")
    assert "If you change your agency, you are no longer its training lead." in page.text
    about = {"job_role": "Teacher", "manager_name": "May", "manager_email": "may@example.org"}
    assert lead.send(page, "/profile", agency=str(elm.id), **about).status == 200
    assert (read(own).agency_id, read(own).roles) == (elm.id, {Role.PRACTITIONER, Role.TRAINER})
    assert lead.get("/agency").status == 403
    officer = signed_in(make.officer())
    for person, agency in ((moved, elm), (kept, oak)):
        officer.send(officer.get(f"/manage/people/{person.id}"), f"/{person.id}", agency=str(agency.id))
    assert read(moved).roles == {Role.PRACTITIONER, Role.TRAINER}
    assert read(kept).roles == {Role.PRACTITIONER, Role.TRAINER, Role.AGENCY_LEAD}


def test_an_unknown_role_is_refused(app: Flask, signed_in: SignedIn) -> None:
    ann = make.person("Ann Lee", Role.TRAINER)
    browser = signed_in(administrator())
    refused = browser.post(f"/manage/people/{ann.id}/roles", {"roles": ["trainer", "king"]})
    assert (refused.status, errors(refused)) == (422, ["Choose one of the answers shown"])
    assert read(ann).roles == {Role.PRACTITIONER, Role.TRAINER}


@pytest.mark.postgres
def test_the_last_administrator_cannot_be_locked_out(app: Flask, signed_in: SignedIn) -> None:
    ada = administrator()
    make.person("Closed Admin", Role.ADMINISTRATOR, is_active=False)
    browser = signed_in(ada)
    refused = browser.post(f"/manage/people/{ada.id}/roles", {"roles": "trainer"})
    assert (refused.status, "This is the only administrator." in refused.text) == (409, True)
    closing = browser.get(f"/manage/people/{ada.id}").form(f"/{ada.id}")
    del closing["is_active"]
    refused = browser.post(f"/manage/people/{ada.id}", closing)
    assert (refused.status, "This is the only administrator." in refused.text) == (409, True)
    assert (read(ada).is_active, Role.ADMINISTRATOR in read(ada).roles) == (True, True)
    administrator("Bea Other")
    page = browser.send(browser.get(f"/manage/people/{ada.id}"), "/roles", roles=["hub officer"])
    assert page.h1 == "Ada Administrator"
    assert read(ada).roles == {Role.PRACTITIONER, Role.HUB_OFFICER}


@pytest.mark.postgres
def test_an_agency_is_added_put_right_and_closed(app: Flask, signed_in: SignedIn) -> None:
    browser = signed_in(make.officer())
    page = browser.send(browser.get("/manage/agencies/new"), "/new", name=" Hope  Farm ", sector="school")
    assert page.h1 == "Hope Farm"
    agency = db.session.scalars(select(Agency).where(Agency.key == "hope farm")).one()
    refused = browser.send(browser.get("/manage/agencies/new"), "/new", name="HOPE farm", sector="health")
    assert errors(refused) == ["There is an agency of this name already"]
    refused = browser.send(browser.get("/manage/agencies/new"), "/new", name="", sector="")
    assert errors(refused) == ["Enter the agency’s name", "Choose the agency’s sector"]
    form = page.form(f"/{agency.id}")
    del form["is_active"]
    browser.post(f"/manage/agencies/{agency.id}", {**form, "name": "HOPE FARM", "sector": "health"})
    db.session.expire_all()
    assert (agency.name, agency.sector, agency.is_active) == ("HOPE FARM", Sector.HEALTH, False)
    listed = [words for _href, words in browser.get("/manage/agencies?closed=y").links]
    assert "HOPE FARM" in listed


def test_a_person_or_agency_that_is_not_there_is_not_found(app: Flask, signed_in: SignedIn) -> None:
    browser = signed_in(administrator())
    for number in (999, 2**31, 2**63, 10**30):
        assert browser.get(f"/manage/people/{number}").status == 404
        assert browser.get(f"/manage/agencies/{number}").status == 404
        assert browser.post(f"/manage/people/{number}/roles").status == 404


def test_the_command_line_adds_people_with_roles(app: Flask) -> None:
    ada = actions.add_person(
        Details(email="Ada@Example.org", name=" Ada  Root "), [Role.ADMINISTRATOR], now=NOW
    )
    assert (ada.email, ada.name, ada.roles, ada.registered_at) == (
        "ada@example.org",
        "Ada Root",
        {Role.PRACTITIONER, Role.ADMINISTRATOR},
        None,
    )
    with pytest.raises(AddressTaken, match=r"Ada Root already has this email address\."):
        actions.add_person(Details(email="ADA@example.org", name="Another"), now=NOW)
    with pytest.raises(NotAnAddress):
        actions.add_person(Details(email="ada", name="Ada"), now=NOW)
    with pytest.raises(Refused, match="name"):
        actions.add_person(Details(email="x@example.org", name="  "), now=NOW)


@pytest.mark.postgres
def test_a_person_is_found_by_name_in_any_language(app: Flask, signed_in: SignedIn) -> None:
    make.person("Łukasz Żak", email="one@example.org")
    make.person("Élodie Roux", email="two@example.org")
    browser = signed_in(make.officer())
    found = {
        search: [words for href, words in browser.get(f"/manage/people?q={search}").links if words in NAMES]
        for search in ("łukasz", "ŻAK", "élodie", "Élodie")
    }
    assert found == {
        "łukasz": ["Łukasz Żak"],
        "ŻAK": ["Łukasz Żak"],
        "élodie": ["Élodie Roux"],
        "Élodie": ["Élodie Roux"],
    }
