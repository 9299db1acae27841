"""Towns and districts a person goes to, however far from home."""
