"""A past purchase of any method judged again: each decided step by the law of its own day, and by that of another."""
