"""Calendar feeds: one's own assignments, or a station's shifts, in any calendar program."""
