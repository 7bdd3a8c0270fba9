"""Questions about the emails in the outbox."""

from typing import Any

from sqlalchemy import Select, func, or_, select

from training_hub.access import Actor, Permission, within
from training_hub.database import PageOf, db, page_of
from training_hub.mail.models import Mail, MailState

PAGE = 50

# Loads only what the list shows, not the words of fifty emails.
COLUMNS = (
    Mail.id,
    Mail.to_name,
    Mail.to_email,
    Mail.subject,
    Mail.state,
    Mail.queued_at,
    Mail.next_try_at,
    Mail.sent_at,
    Mail.tries,
    Mail.error,
)


def mails_for(actor: Actor) -> Select[Any]:
    """The emails that `actor` may read about, newest first."""
    statement = select(Mail).order_by(Mail.queued_at.desc(), Mail.id.desc())
    return within(statement, actor, Permission.READ_OUTBOX)


def mail_for(actor: Actor, mail_id: int) -> Mail | None:
    """The email with this number, if `actor` may read about it."""
    found: Mail | None = db.session.scalar(mails_for(actor).where(Mail.id == mail_id))
    return found


def page_of_mails(actor: Actor, *, state: MailState | None, search: str, page: int) -> PageOf[Any]:
    """A page of the outbox, newest first: the emails in `state`, to an address or name that contains `search`."""
    statement = mails_for(actor)
    if state is not None:
        statement = statement.where(Mail.state == state)
    if search:
        sought = search.lower()
        statement = statement.where(
            or_(
                func.lower(Mail.to_email).contains(sought, autoescape=True),
                func.lower(Mail.to_name).contains(sought, autoescape=True),
            )
        )
    # Loads the columns of the list, not the bodies.
    return page_of(statement.with_only_columns(*COLUMNS), page, size=PAGE, key=Mail.id)


def counts_by_state(actor: Actor) -> dict[MailState, int]:
    """How many emails are in each state."""
    statement = within(select(Mail.state, func.count()), actor, Permission.READ_OUTBOX).group_by(Mail.state)
    found = {state: int(count) for state, count in db.session.execute(statement)}
    return {state: found.get(state, 0) for state in MailState}
