"""How contracts are paid: terms, advances and milestones, and who holds the money now."""
