"""How fast Training Hub is: `python -m tests.benchmarks` prints it, beside what was aimed for.

It builds a programme of its own in a temporary folder (or on the PostgreSQL server that TRAINING_HUB_TEST_DATABASE_URL
names), asks for pages in this process and from a real server, and takes everything away again.
"""
