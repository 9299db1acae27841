"""Solving a run: by one worker at a time, from an input that is kept, with a log that pages follow."""
