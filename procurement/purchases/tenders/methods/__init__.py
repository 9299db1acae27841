"""How the platform chooses: the method of a tender, what an exception rests on, and what counts as splitting."""
