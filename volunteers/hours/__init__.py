"""Volunteer hours: one append-only chain for each person, from the confirmed attendance to what it adds up to."""
