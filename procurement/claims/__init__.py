"""What confirmed work is worth and to whom it is owed: one claim for each unit of work."""
