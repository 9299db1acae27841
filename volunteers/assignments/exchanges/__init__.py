"""Somebody else goes: a substitute for a seat, or two people who exchange theirs, without a gap."""
