"""A claimant objects; somebody other than the judge answers within a clock."""
