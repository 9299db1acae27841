"""Assignments as files that can be changed and handed in again."""
