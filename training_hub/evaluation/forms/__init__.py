"""The shape of what people answer."""
