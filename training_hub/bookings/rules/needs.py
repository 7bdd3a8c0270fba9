"""How long needs are kept."""

NEEDS_KEPT_DAYS = 14
"""How many days after an event people's needs are kept (domain 5)."""
