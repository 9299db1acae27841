"""Spending from a fund: for what, decided by a second person, never more than the fund has."""
