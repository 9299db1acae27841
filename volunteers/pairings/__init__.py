"""Pairing (结对): each village has its lawyer or firm for a term, whom it knows by name."""
