"""A booking is one person's claim on a place at one event, and keeps the person's agency as at booking.

A *place* is one unit of an event's capacity. A *status* is a booking's present state, which changes only along the
moves of the rules. *Interest* is a request to be told when a course next runs: a waiting list without a date.

Decisions:

2026-11-22 One status, not a status and an outcome. "Not recorded" is a confirmed place at an event that is over:
nobody has to write it, and nobody can forget to.

2026-11-26 A place is booked from one page. A check page would have to show needs in its address, or would ask
people who go back to send the form again.

2026-11-26 What was decided is stored with the booking, such as that a cancellation was late. A later change of policy
does not change it.

2026-11-26 "Full" depends on the reader, because policy can limit the places of one agency. Someone who is not
signed in sees what an agency with no places yet would get. People waiting for one date are told once about each
other date with places.

2026-11-26 A list of people is planned and shown, and planned again with the event locked. If someone who was
promised a place would no longer get one, nothing is booked.

2026-11-26 A person can name 30 addresses a day for other people, because the answer can show who has an
account. A list is answered as a whole, so it can exceed that limit by its 50 lines.

2026-11-26 Many people are told in steps of 25, the first by the page and the rest by the worker, so that no
transaction is long.

2026-11-26 Closing an account ends the person's requests, offers and turns. Their places are kept: an officer
can pass them on.

2026-11-26 Each session has a calendar entry and an email of its own. Outlook and Gmail read only the first entry of a
message (MS-STANOICAL 2.2.175).
"""
