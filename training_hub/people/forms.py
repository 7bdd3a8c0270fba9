"""The forms about people and agencies."""

from collections.abc import Callable
from typing import Any

from wtforms import BooleanField, EmailField, SearchField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from training_hub.access import Role
from training_hub.errors import Refused
from training_hub.people.fields import address
from training_hub.people.models import Person, Sector
from training_hub.people.rules import check_agency_name, check_manager, one_line
from training_hub.web.forms import Checkboxes, Form, Select

ROLE_HINTS = {
    Role.AGENCY_LEAD.value: "Books for the people of their agency, and sees their bookings and their results. "
    "The role ends when they change agency.",
    Role.TRAINER.value: "Sees and marks the registers of the dates they run.",
    Role.HUB_MEMBER.value: "Reads the reports. Sees figures, never names.",
    Role.HUB_OFFICER.value: "Manages courses, dates, bookings, people and reports. Sees access and dietary needs.",
    Role.ADMINISTRATOR.value: "Looks after people and agencies, and gives roles. Sees no bookings.",
}
ROLE_LABELS = {value: value.capitalize() for value in ROLE_HINTS}


def _line(text: str | None) -> str:
    return one_line(text or "")


def _short(what: str) -> Length:
    return Length(max=200, message=f"{what} must be 200 letters or fewer")


class ProfileForm(Form):
    """What a person says about themselves."""

    name = StringField(
        "Your name",
        [DataRequired("Enter your name"), _short("Your name")],
        filters=[_line],
        description="Enter your name as it should appear on the register and on your certificates.",
    )
    agency = Select("Your agency", empty="Choose your agency", coerce=str)
    new_agency = StringField(
        "Your agency’s name, if it is not in the list",
        [Optional(), _short("The agency’s name")],
        filters=[_line],
        description="We add the agency to the list. The training team may correct the name.",
    )
    job_role = StringField(
        "Your job role",
        [DataRequired("Enter your job role"), _short("Your job role")],
        filters=[_line],
        description="Such as class teacher, health visitor or police constable.",
    )
    manager_name = StringField(
        "Your line manager’s name",
        [DataRequired("Enter your line manager’s name"), _short("Your line manager’s name")],
        filters=[_line],
        description="If you have none, name the person you answer to, such as the chair of your trustees.",
    )
    manager_email = EmailField(
        "Your line manager’s work email address",
        [DataRequired("Enter your line manager’s email address"), address],
    )

    def __init__(self, person: Person, agencies: dict[int, str], **options: Any) -> None:
        """The form for `person`, who can choose among `agencies`."""
        self._own_address = person.email
        super().__init__(**options)
        self.agency.choices = _choices(agencies)
        if Role.AGENCY_LEAD in person.roles:
            self.agency.description = "If you change your agency, you are no longer its training lead."
        # The person must fill one of the two fields, so neither may say "optional".
        self.agency.flags.optional = self.new_agency.flags.optional = False

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and then that there is exactly one agency, chosen or named."""
        is_right = super().validate(extra_validators)
        chosen, named = self.agency.data, self.new_agency.data
        if not self.agency.errors and bool(chosen) == bool(named):
            self.agency.errors = [
                "Choose your agency from the list or enter its name, not both"
                if chosen
                else "Choose your agency, or enter its name below the list"
            ]
            return False
        return bool(is_right)

    def validate_new_agency(self, field: Any) -> None:
        """A name that an agency can have."""
        if field.data:
            _refusal(lambda: check_agency_name(field.data))

    def validate_manager_email(self, field: Any) -> None:
        """Nobody is their own line manager."""
        _refusal(lambda: check_manager(field.data, self._own_address))


class PersonForm(Form):
    """A person's details, as an officer enters them."""

    name = StringField("Name", [DataRequired("Enter the person’s name"), _short("The name")], filters=[_line])
    email = EmailField(
        "Work email address",
        [DataRequired("Enter the person’s work email address"), address],
        description="Sign-in codes go to this address.",
    )
    agency = Select("Agency", empty="Not known yet", coerce=str)
    job_role = StringField("Job role (optional)", [Optional(), _short("The job role")], filters=[_line])
    manager_name = StringField(
        "Line manager’s name (optional)", [Optional(), _short("The line manager’s name")], filters=[_line]
    )
    manager_email = EmailField("Line manager’s work email address (optional)", [Optional(), address])
    is_active = BooleanField(
        "The account is open",
        description="A person with a closed account can’t sign in. Their places and past bookings are kept. "
        "Their requests, offers and positions on waiting lists end, and the next people move up.",
        default=True,
    )

    def __init__(self, agencies: dict[int, str], **options: Any) -> None:
        """The form, with `agencies` to choose from."""
        super().__init__(**options)
        self.agency.choices = _choices(agencies)

    def validate_manager_email(self, field: Any) -> None:
        """Nobody is their own line manager."""
        if field.data and field.data == self.email.data:
            raise ValidationError("Enter the line manager’s email address, not the person’s own")


class RolesForm(Form):
    """The roles that a person has."""

    # Ticking no box is an answer too.
    roles = Checkboxes("Roles", choices=ROLE_LABELS, validators=[])

    @property
    def chosen(self) -> set[Role]:
        """The roles that are ticked."""
        return {Role(value) for value in self.roles.data or ()}


class SearchForm(Form):
    """Find a person."""

    q = SearchField("Name, email or agency")
    role = Select("Role", choices=ROLE_LABELS, empty="Any role", coerce=str, validators=[])
    closed = BooleanField("Show closed accounts")


class AgencySearchForm(Form):
    """Find an agency."""

    q = SearchField("Name")
    closed = BooleanField("Show agencies no longer used")


class AgencyForm(Form):
    """An agency's details."""

    name = StringField(
        "Name", [DataRequired("Enter the agency’s name"), _short("The agency’s name")], filters=[_line]
    )
    sector = Select(
        "Sector",
        choices={sector.value: sector.value.capitalize() for sector in Sector},
        empty="Choose a sector",
        missing="Choose the agency’s sector",
        coerce=Sector,
    )
    is_active = BooleanField(
        "People can choose this agency",
        description="If not ticked, nobody else can choose the agency. Its people and their bookings do not change.",
        default=True,
    )

    def validate_name(self, field: Any) -> None:
        """A name that an agency can have."""
        _refusal(lambda: check_agency_name(field.data))


def answers_of(person: Person) -> dict[str, Any]:
    """A stored person as the form's data."""
    columns = ("name", "email", "job_role", "manager_name", "manager_email", "is_active")
    return {"agency": str(person.agency_id or ""), **{name: getattr(person, name) for name in columns}}


def _choices(agencies: dict[int, str]) -> dict[str, str]:
    return {str(agency_id): name for agency_id, name in agencies.items()}


def _refusal(check: Callable[[], None]) -> None:
    try:
        check()
    except Refused as error:
        raise ValidationError(str(error)) from None
