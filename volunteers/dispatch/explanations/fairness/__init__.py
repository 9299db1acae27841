"""How evenly the work lies: the last quarters from confirmed hours, for coordinators, and one's own place in it."""
