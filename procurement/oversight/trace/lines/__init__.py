"""The beginning of the way: a year's budget lines, and the purchases and claims below one."""
