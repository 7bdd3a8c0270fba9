"""How fast Training Hub is: `python -m tests.benchmarks` prints it, next to the aims.

It builds a programme of its own in a temporary folder (or on the PostgreSQL server that TRAINING_HUB_TEST_DATABASE_URL
names), asks for pages in this process and from a real server, and takes everything away again.

Results of 2026-11-26: two cores of an AMD EPYC, Python 3.11.7, SQLite, one process; median of 40, server time alone.

                                       2,000 bookings   200,000 bookings   aim
listing; signed in                     3.2; 4.8 ms      2.7; 3.4 ms        4 ms
a date's page; signed in               3.0; 3.6 ms      2.2; 3.1 ms        2 ms
confirming a booking                   8.2 ms           6.7 ms             8 ms
saving a register of 25                8.5 ms           8.4 ms             12 ms
a year's report; its PDF               25; 89 ms        110; 167 ms        25 or 200; 400 ms
listing, 8 clients                     188 /s           182 /s             300 /s
a date's page, 8 clients               221 /s           254 /s             500 /s
the whole booking                      4 requests, 8.5 KB, 25 ms           5, 60 KB, 40 ms
50 clients at once for 20 places       0.47 s           0.50 s             0.4 s
a form to answer; a screen of it sent  6.5; 5.7 ms      4.8; 4.9 ms        15 ms
start-up to the first page             1.5 s            1.5 s              1 s
resident memory, after load            120 MB           131 MB             90 MB a process
100,000 rows as CSV; XLSX              -                1.4; 6.3 s         3; 10 s
"""
