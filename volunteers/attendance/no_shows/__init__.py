"""Who did not come and had not stepped back: what was recorded, what follows, and how to object."""
