"""How long a reason may be."""

LONGEST = 500
TOO_LONG = f"Use {LONGEST} characters or fewer"
