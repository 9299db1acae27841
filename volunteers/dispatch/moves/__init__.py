"""Changing a plan by hand: put, take and swap, each weighed by all hard rules at once."""
