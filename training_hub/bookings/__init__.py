"""A booking is one person's claim on a place at one event, and keeps the person's agency as at booking. A place is one
unit of an event's capacity. What becomes of a booking is its status, changed only along the moves of the rules.
Interest is that someone asked to be told when a course next runs: a waiting list without a date, which becomes turns
and offers at the next date that can be booked."""
