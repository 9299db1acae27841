"""Inviting suppliers, and how the invitation stands."""
