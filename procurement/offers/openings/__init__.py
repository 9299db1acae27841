"""Opening the quotations after the deadline, several keepers together."""
