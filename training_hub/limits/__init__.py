"""How often something may be tried. A *try* is counted by kind and subject; a *limit* is how many in how long."""
