"""Challenges to a tender and complaints about them: a dossier each, with its clocks and what it stops."""
