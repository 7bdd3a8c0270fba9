"""The outbox: a mail is a row that waits here until the change it tells of is stored, and is then delivered once."""
