"""How people sign in. A *code* has six digits; a *link* is signed; both arrive by email and work once."""
