"""The end of a purchase: its performance evaluation, and the closed file."""
