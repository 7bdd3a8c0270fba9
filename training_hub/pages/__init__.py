"""Every page that is assembled from several packages: a home for each role, the listing, a course, a date, a person's
bookings. Nothing imports this."""
