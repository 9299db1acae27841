"""How a budget is carried out month by month, against the time of the year, and which lines are too slow."""
