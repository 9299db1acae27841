"""Watching what was bought: how providers did, what users said."""
