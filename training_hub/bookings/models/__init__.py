"""The tables of bookings."""
