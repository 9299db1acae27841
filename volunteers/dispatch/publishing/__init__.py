"""Publishing a plan: one transaction, in which everybody is seated who still can be."""
