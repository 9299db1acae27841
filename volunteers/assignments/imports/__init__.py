"""Assignments, their positions and sign-ups from files: what each row must say, and what becomes of it."""
