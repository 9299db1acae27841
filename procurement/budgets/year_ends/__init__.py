"""The end of a budget year (年终结转结余): what lapses, what goes over into the next, by two people, once."""
