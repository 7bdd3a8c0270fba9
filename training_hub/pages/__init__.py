"""Pages that combine several packages, such as the home page and the listing. No other package imports this one."""
