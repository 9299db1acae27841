"""Searches that a signed-in person keeps, and is told about when something new answers them."""
