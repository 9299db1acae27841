"""A seat of a planned week comes free: the event, and the re-plan that it opens."""
