"""What the clock plans: each week once, and every night what has changed since."""
