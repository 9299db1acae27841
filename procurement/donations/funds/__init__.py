"""Funds that people give to: whose they are, whether they may take gifts, what came in and went out."""
