"""A plan as a file: a row for each seat, or a calendar of its shifts."""
