"""Everything that changes a booking. Each seat decision holds the event, reads again, counts, and only then writes."""
