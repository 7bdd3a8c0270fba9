"""A *report* holds *tables*: columns, rows, a total and notes. There is one writer for each kind of file."""
