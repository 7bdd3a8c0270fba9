"""How fast Training Hub is: `python -m tests.benchmarks` prints it, next to the aims.

It builds a programme of its own in a temporary folder (or on the PostgreSQL server that TRAINING_HUB_TEST_DATABASE_URL
names), asks for pages in this process and from a real server, and takes everything away again.

Results of 2026-12-01 with 2,000 bookings: two cores of an Intel Xeon in a virtual machine, Python 3.11.7, SQLite, the
median of 40. The first column is commit c800ffc, which had one process with eight threads. The second has two
processes with three threads each, and one for the worker. Both were measured within five minutes. Others use this
machine too: within the hour the same figure differed by a third.

                                          c800ffc        now            aim
listing; signed in                        3.7; 5.4 ms    3.7; 7.3 ms    4 ms
a date's page; signed in                  3.8; 5.0 ms    2.9; 3.6 ms    2 ms
a form to answer; a screen of it sent     7.3; 6.2 ms    5.4; 1.3 ms    15 ms
confirming a booking                      8.5 ms         8.3 ms         8 ms
saving a register of 25                   8.7 ms         7.8 ms         12 ms
a year's report; its PDF                  26; 90 ms      27; 86 ms      25; 400 ms
listing, 1 client; 8 clients              -; 157 /s      243; 386 /s    300 /s
listing, signed in, 1 client; 8           -; 122 /s      183; 289 /s    300 /s
a date's page, 1 client; 8                -; 193 /s      260; 448 /s    500 /s
a date's page, signed in, 1 client; 8     -; 177 /s      236; 315 /s    500 /s
50 clients confirm at once, 20 places     0.53 s         0.66 s         0.4 s
50 clients book from the date's page on   1.77 s         0.78 s
start-up to the first page                1.7 s          1.3 s          1 s
memory of a process, after load           123 MB         55 MB          90 MB
"""
