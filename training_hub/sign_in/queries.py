"""Codes and links that still work, and who is signed in."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from training_hub.database import db
from training_hub.people.models import Person
from training_hub.sign_in.models import SignInCode
from training_hub.sign_in.rules import DeadLink

# Built once, because every page of a signed-in person runs it. Reads the roles in the same query.
_SIGNED_IN = (
    select(Person)
    .where(Person.id == bindparam("id"), Person.sign_in_version == bindparam("version"), Person.is_active)
    .options(joinedload(Person.holdings))
)


def signed_in_person(session_id: str) -> Person | None:
    """The person who is signed in. None if the sign-in was ended or the account was closed."""
    number, _, version = session_id.partition(".")
    if not (number.isascii() and number.isdigit() and version.isascii() and version.isdigit()):
        return None
    if len(number) > 18 or len(version) > 9:
        return None
    found = db.session.scalars(_SIGNED_IN, {"id": int(number), "version": int(version)})
    return found.unique().one_or_none()


def newest_code(email: str) -> SignInCode | None:
    """The newest code sent to `email`, which replaces all codes before it."""
    return db.session.scalar(
        select(SignInCode).where(SignInCode.email == email).order_by(SignInCode.id.desc()).limit(1)
    )


def good_link(link_hash: str, *, now: datetime) -> SignInCode:
    """The code whose link has this hash. Raises DeadLink, with the reason, if it can no longer be used."""
    code = db.session.scalar(select(SignInCode).where(SignInCode.link_hash == link_hash))
    if code is None:
        raise DeadLink("This link is not one of ours, or a part of it is missing.")
    if code.used_at is not None:
        raise DeadLink("This link has been used. Each link works once.")
    newest = newest_code(code.email)
    if newest is not None and newest.id != code.id:
        raise DeadLink("We have sent a newer link since. Only the one in the newest email works.")
    if now >= code.expires_at:
        raise DeadLink("This link has run out. Links work for ten minutes.")
    return code


def was_sent(email: str, code_hash: str) -> bool:
    """Whether this code is among the last ten sent to `email`, whether or not it still works."""
    last = (
        select(SignInCode.code_hash).where(SignInCode.email == email).order_by(SignInCode.id.desc()).limit(10)
    )
    return code_hash in db.session.scalars(last).all()
