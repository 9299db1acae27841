"""One purchase: its contract, its units and what they were paid."""
