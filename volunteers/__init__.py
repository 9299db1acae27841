"""Who goes where, and what they did: people, assignments, dispatch."""
