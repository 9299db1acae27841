"""Keepers and their keys."""
