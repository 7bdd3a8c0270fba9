"""The tests. On PostgreSQL they note which SQL by hand has run, from before the first import."""

import os

if os.environ.get("TRAINING_HUB_TEST_DATABASE_URL"):
    from tests.sql_by_hand import note_calls

    note_calls()
