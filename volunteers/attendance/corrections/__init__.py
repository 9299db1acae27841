"""Putting right what was confirmed: a row that says what was, what is, who says so and why."""
