"""The end of a shift, told to who worked it: what was done and what comes when."""
