"""To a station and to planners: why a seat is empty, and the smallest step that would fill it."""
