"""Everything that changes people, agencies, roles and sign-ins."""

from training_hub.people.actions.looking_after import (
    add_agency,
    add_person,
    agency_named,
    change_roles,
    edit_agency,
    edit_person,
    end_sign_ins,
    name_manager,
    register,
    renew_calendar_address,
)
from training_hub.people.actions.signing_in import (
    CLOSED,
    ask_for_code,
    count_in_room,
    count_miss,
    count_try,
    forget_sign_ins,
    link_hash,
    make_sign_in_link,
    sign_in_by_code,
    sign_in_by_link,
)

__all__ = [
    "CLOSED",
    "add_agency",
    "add_person",
    "agency_named",
    "ask_for_code",
    "change_roles",
    "count_in_room",
    "count_miss",
    "count_try",
    "edit_agency",
    "edit_person",
    "end_sign_ins",
    "forget_sign_ins",
    "link_hash",
    "make_sign_in_link",
    "name_manager",
    "register",
    "renew_calendar_address",
    "sign_in_by_code",
    "sign_in_by_link",
]
