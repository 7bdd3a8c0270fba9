"""The forms of these pages, in one module for each group of pages, as in `views`."""
