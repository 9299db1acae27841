"""What the village says of a visit: one tap and a few words, apart from the acceptance."""
