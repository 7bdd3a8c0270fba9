"""A booking is one person's claim on a place at one event, and keeps the person's agency as at booking.

A *place* is one unit of an event's capacity. A *status* is a booking's present state, which changes only along the
moves of the rules. *Interest* is a request to be told when a course next runs: a waiting list without a date.

Decisions:

2026-11-22 One status, not a status and an outcome. "Not recorded" is a confirmed place at an event that is over:
nobody has to write it, and nobody can forget to.

2026-11-26 A place is booked from one page. A check page would have to carry needs in its address, or offer to
send the form again when its reader goes back.

2026-11-26 What was decided is stored with the booking, such as that a cancellation was late. A later change of policy
does not change it.

2026-11-26 "Full" depends on the reader, because policy can limit the places of one agency. A stranger reads what an
agency with no places would get. People who wait at one date are told once of another with places.

2026-11-26 A list of people is planned, shown, and planned again while the event is held. If someone who was promised a
place would no longer get one, nothing is booked.

2026-11-26 Addresses named for someone else are counted, 30 a person a day, since an answer can show who is known here.
One list is answered whole, so it can exceed that by its 50 lines.

2026-11-26 Many people are told in steps of 25, the first by the page and the rest by the worker, so that no write is
long.

2026-11-26 Closing an account ends its requests, offers and turns, and keeps its places: an officer can pass them on.

2026-11-26 Each session has a calendar entry and an email of its own. Outlook and Gmail read only the first entry of a
message (MS-STANOICAL 2.2.175).
"""
