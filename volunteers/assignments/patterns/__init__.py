"""Weekly patterns: what a station repeats, and the shifts made from it some weeks ahead."""
