"""Everything that changes a booking. Each decision about places locks the event, reads again, counts, then writes."""
