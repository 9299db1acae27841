"""One person more than there are seats: the station's decision, with its reason."""
