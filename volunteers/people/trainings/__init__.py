"""Induction and training: defined by a station, recorded by a second party, asked for by seats."""
