"""The commands that run and look after the program; packages bring commands of their own in ``wiring.COMMANDS``."""
