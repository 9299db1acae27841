"""Months of the ledger: which are open, and closing the oldest once it is over."""
