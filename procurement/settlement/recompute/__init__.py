"""A closed batch computed anew from what it was computed from: the same bytes, whatever tariffs came after it."""
