"""Finance's desk: gifts, what waits, statutory receipts."""
