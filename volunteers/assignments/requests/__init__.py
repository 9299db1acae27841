"""Asking for a seat where the station chooses who comes."""
