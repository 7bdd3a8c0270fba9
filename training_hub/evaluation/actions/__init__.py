"""Everything that changes an evaluation: forms, asking, reminding, answering, bringing in what came elsewhere."""
