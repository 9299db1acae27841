"""Pairs of claims that may be one piece of work: found by the program, decided by a person."""
