"""What was done on a shift, written down in three taps by who did it."""
