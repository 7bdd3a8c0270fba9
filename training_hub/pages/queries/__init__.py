"""Questions that pages ask across packages, one module for each family of pages."""
