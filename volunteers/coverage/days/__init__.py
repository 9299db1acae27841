"""When a place is best visited: its market day, or the day it is used to."""
