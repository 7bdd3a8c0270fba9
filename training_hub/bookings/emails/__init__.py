"""The mails about bookings."""
