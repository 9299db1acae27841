"""The lower half of the way: one unit with who came and what was found, its claim, the batch, the bank's line."""
