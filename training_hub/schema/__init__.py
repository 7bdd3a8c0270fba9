"""The version of the database's tables: which it is, which it should be, and how to get there."""
