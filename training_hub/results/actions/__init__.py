"""Everything that changes comments and themes."""
