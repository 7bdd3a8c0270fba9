"""How answers are counted, and which counts are shown."""
