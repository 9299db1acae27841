"""Runs of several cities: divided once, their parts planned by whichever workers there are, joined by the run's own."""
