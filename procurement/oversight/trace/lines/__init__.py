"""The upper half of the way: a year's budget lines, one line's purchases, one purchase's contract and units."""
