"""Batches of approved claims: computed, approved and paid by three people."""
