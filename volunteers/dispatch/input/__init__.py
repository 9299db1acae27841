"""From the rows of a week to an instance: its shifts, its people, where they stand already."""
