"""Who holds a contract's money now, seen by its provider and its officers."""
