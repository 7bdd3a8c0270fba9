"""What people said. A *result* sums the answers to one question; a *small group* is too few people to show; a
*comment* is an answer in words; a *theme* is a label that an officer puts on comments."""
