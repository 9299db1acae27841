"""Travel times from place to place that somebody knows better than the estimate from coordinates."""
