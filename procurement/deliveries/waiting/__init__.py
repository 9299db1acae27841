"""Villages that wait for a month which is full, and how a unit that comes free finds the first of them."""
