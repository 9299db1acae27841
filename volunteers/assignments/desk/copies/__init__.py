"""Assignments again: one of them, a day or a week, at another time."""
