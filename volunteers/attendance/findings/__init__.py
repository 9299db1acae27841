"""Patterns in attendance that somebody should look at."""
