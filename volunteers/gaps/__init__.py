"""Where people are missing in the days to come, and why: the map, the list with causes, what to do about each."""
