"""A programme for people to try: the printed course figures of 2019-20, and dates around today.

People, agencies, answers, and the spread of the figures over dates are invented. Every address ends in example.org.

2026-11-22 One printed figure is corrected: 14 people who did not attend Learning from Local Case Reviews. With
14, the column sums to 101 where 91 is printed, and the course has 75 outcomes for 65 bookings. With 4, both are
right: 1,657 booked, 1,245 completed, 249 cancelled, 91 did not attend, 72 not recorded, 526 returned.
"""
