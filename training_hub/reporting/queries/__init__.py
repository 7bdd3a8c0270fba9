"""What the figures are counted from."""
