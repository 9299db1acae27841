"""A budget line's book: every posting with the balances after it, and the same as a file."""
