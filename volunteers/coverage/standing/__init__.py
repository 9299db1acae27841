"""Setting a rule and ending it: the pages of those who promise."""
