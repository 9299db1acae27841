"""A fund's owner sees it: what came and went by month, its uses, and the paper that keeps it open; to read only."""
