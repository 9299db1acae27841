"""Each guard removed in turn: its test must fail, or the guard is not proved."""
