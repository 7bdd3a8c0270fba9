"""A course is an entry in the catalogue, owned by a board. An event is one scheduled delivery of it, with capacity, a
venue or an online link, trainers, and one or more sessions. Pages say "course date" to practitioners."""
