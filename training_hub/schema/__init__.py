"""The version of the database's tables: the present one, the one this code needs, and migrating between versions."""
