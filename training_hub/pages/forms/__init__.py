"""The shape of what is typed into the assembled pages: one module for each family of pages, as in views."""
