"""Comparing what was opened, and proposing a supplier with minutes."""
