"""The shape of what is sent about bookings."""
