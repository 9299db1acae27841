"""A coordinator names hosts, and ends it."""
