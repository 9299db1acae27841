"""How a provider did: the figures of its deliveries, and the score that follows from them."""
