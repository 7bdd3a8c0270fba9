"""How long needs are kept."""

NEEDS_KEPT_DAYS = 14
"""For how many days after an event what people needed to take part is kept (domain 5)."""
