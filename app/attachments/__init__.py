"""Files that belong to things: kept by content, checked on arrival, read by whoever may read their owner."""
