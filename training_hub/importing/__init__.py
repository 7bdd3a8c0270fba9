"""An import is a file of bookings made elsewhere: a row is one person at one event, with what became of the place. It
is stored whole or not at all, tells no one, and importing it again changes nothing."""
