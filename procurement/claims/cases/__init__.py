"""Closed cases as facts: who did what for which agency, with which papers; claims accrue from them."""
