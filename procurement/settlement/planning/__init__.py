"""Runs that the scheduler plans, what a run would pay and leave out, and telling who is left out why."""
