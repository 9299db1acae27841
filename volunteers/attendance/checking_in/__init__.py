"""Arriving and leaving: a code that changes every 30 seconds, shown by one side and read by the other."""
