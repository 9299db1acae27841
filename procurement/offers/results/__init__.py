"""The public result."""
