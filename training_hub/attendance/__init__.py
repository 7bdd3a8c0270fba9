"""A register is the list on which trainers record what became of each place, one mark for each person and session; the
outcome of a booking follows from its marks. A walk-in is someone who attended without a booking."""
