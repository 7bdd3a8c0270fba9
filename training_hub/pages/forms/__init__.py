"""Forms of these pages: one module for each family of pages, as in views."""
