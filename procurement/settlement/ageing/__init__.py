"""What is approved and not paid yet: how much, where, for what, and since when."""
