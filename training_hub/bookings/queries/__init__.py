"""Questions about places and bookings."""
