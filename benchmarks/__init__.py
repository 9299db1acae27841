"""Measurements, always as a ratio to a limit or a peer in the same run; never a timed test."""
