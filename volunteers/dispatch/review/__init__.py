"""Looking at a plan before it is sent out: how it stands, where it is short, what it changes; approving it."""
