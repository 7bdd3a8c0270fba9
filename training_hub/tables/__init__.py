"""A *table* is columns, rows and notes, and there is one writer for each kind of file."""
