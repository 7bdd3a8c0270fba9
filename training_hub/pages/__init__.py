"""Pages that combine several packages, such as the home pages, the listing and a course date. Nothing imports this."""
