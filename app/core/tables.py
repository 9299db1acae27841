"""Tables of the core."""
