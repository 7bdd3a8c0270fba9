"""The rules for counting answers and for hiding small groups."""
