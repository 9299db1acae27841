"""Files that are read in two steps: a report of every row first, then all rows or the good ones, as the person says."""
