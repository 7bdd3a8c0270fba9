"""Send codes and links, and sign people in with them."""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from training_hub.access import secret_hash
from training_hub.database import db, transaction
from training_hub.errors import Refused
from training_hub.limits.actions import count
from training_hub.limits.models import SignInAttempt
from training_hub.limits.rules import ASK, TRY
from training_hub.people import queries as people_queries
from training_hub.people.actions import is_stored
from training_hub.people.models import Person
from training_hub.people.rules import own_path, work_address
from training_hub.sign_in import emails
from training_hub.sign_in import queries as sign_in_queries
from training_hub.sign_in.models import SignInCode
from training_hub.sign_in.rules import CODE_LASTS, TRIES_AT_A_CODE, WrongCode

CLOSED = "This account has been closed. If you still work with the partnership, write to the training team."


def ask_for_code(email: str, *, network: str, now: datetime, next_page: str = "") -> None:
    """Send a code and a link to `email`. Unknown addresses are treated alike, so that nobody learns who has an account.

    Only the newest code of an address works. Raises NotAnAddress, TooOften.
    """
    email = work_address(email)
    count(ASK, email=email, network=network, now=now)
    code = f"{secrets.randbelow(10**6):06}"
    token = _store_code(email, code, lasts=CODE_LASTS, now=now, next_page=own_path(next_page))
    key = f"sign-in:{link_hash(token)[:32]}"
    emails.send_code(email, code, token, key=key, expires_at=now + CODE_LASTS, now=now)


def make_sign_in_link(
    person: Person, *, now: datetime, lasts: timedelta = CODE_LASTS, next_page: str = ""
) -> str:
    """The path of a link that signs `person` in once. It replaces any code or link sent before."""
    if not person.is_active:
        raise Refused(f"The account of {person.email} is closed.")
    token = _store_code(person.email, secrets.token_urlsafe(32), lasts=lasts, now=now, next_page=next_page)
    return f"/sign-in/link/{token}"


def _store_code(email: str, code: str, *, lasts: timedelta, now: datetime, next_page: str) -> str:
    token = secrets.token_urlsafe(32)
    db.session.add(
        SignInCode(
            email=email,
            code_hash=_code_hash(email, code),
            link_hash=link_hash(token),
            made_at=now,
            expires_at=now + lasts,
            next_page=next_page,
        )
    )
    return token


def _code_hash(email: str, code: str) -> str:
    return secret_hash("sign-in code", email, code)


def link_hash(token: str) -> str:
    """The hash of a sign-in link, which is stored in place of the link."""
    return secret_hash("sign-in link", token)


def count_try(email: str, *, network: str, now: datetime) -> int | None:
    """Count one try at the newest code of `email`. Returns the code's id, or None if there is no code to try.

    Uses its own transaction, before the try is checked. Otherwise a hundred tries sent at once would all be
    checked before the first was counted. Raises TooOften.
    """
    with transaction():
        count(TRY, email=email, network=network, now=now)
        newest = select(func.max(SignInCode.id)).where(SignInCode.email == email).scalar_subquery()
        return db.session.scalar(
            update(SignInCode)
            .where(SignInCode.id == newest, SignInCode.tries < TRIES_AT_A_CODE)
            .values(tries=SignInCode.tries + 1)
            .returning(SignInCode.id)
            .execution_options(synchronize_session=False)
        )


def sign_in_by_code(email: str, code: str, *, counted: int | None, now: datetime) -> tuple[Person, str]:
    """The person who signs in with `code`, and the address of the page they wanted. Raises WrongCode.

    `counted` is what count_try returned."""
    newest = sign_in_queries.newest_code(email)
    if newest is not None and counted is None:
        raise WrongCode("This code has been tried too often. Get a new code, or use the link in the email")
    hashed = _code_hash(email, code)
    if newest is None or newest.id != counted or not hmac.compare_digest(newest.code_hash, hashed):
        if sign_in_queries.was_sent(email, hashed):
            raise WrongCode("We have sent a newer code since. Enter the code from the newest email")
        raise WrongCode("This code is not right. Check the newest email from us, and enter its six digits")
    if newest.used_at is not None:
        raise WrongCode("This code has been used. Each code works once: get a new code")
    if now >= newest.expires_at:
        raise WrongCode("This code has run out. Codes work for ten minutes: get a new code")
    return _sign_in(newest, now=now), newest.next_page


def sign_in_by_link(token: str, *, now: datetime) -> tuple[Person, str]:
    """The person who signs in with the link that ends in `token`, and the page they wanted. Raises DeadLink."""
    code = sign_in_queries.good_link(link_hash(token), now=now)
    return _sign_in(code, now=now), code.next_page


def _sign_in(code: SignInCode, *, now: datetime) -> Person:
    used = db.session.execute(
        update(SignInCode)
        .where(SignInCode.id == code.id, SignInCode.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInCode.id)
        .execution_options(synchronize_session=False)
    ).all()
    # If one code is sent twice at once, the second request waits here, and then finds the code used.
    if not used or code.used_at is not None or now >= code.expires_at:
        raise WrongCode("This code has been used. Each code works once: get a new code")
    person = people_queries.person_by_email(code.email)
    if person is None:
        person = Person(email=code.email, entered_at=now)
        if not is_stored(person):
            raise WrongCode("An account was made for this address a moment ago. Get a new code")
    if not person.is_active:
        raise Refused(CLOSED)
    return person


def forget_sign_ins(*, now: datetime) -> int:
    """Delete codes and attempts older than two days, which no limit counts any more. Returns how many."""
    before = now - timedelta(days=2)
    codes = delete(SignInCode).where(SignInCode.expires_at < before)
    attempts = delete(SignInAttempt).where(SignInAttempt.at < before)
    connection = db.session.connection()
    return int(connection.execute(codes).rowcount) + int(connection.execute(attempts).rowcount)
