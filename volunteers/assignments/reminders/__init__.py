"""Reminders before a shift: three days and two hours ahead, each once."""
