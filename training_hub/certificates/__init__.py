"""A certificate says that a person completed a course. It needs a completed place and, where the course asks an
evaluation at the end, the evaluation returned, or an officer's release with a reason. Anyone can check its number."""
