"""Who accepts what was delivered, and what follows from it."""
