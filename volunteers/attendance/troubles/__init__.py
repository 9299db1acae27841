"""A station that was closed or unsafe: the person who stands there says so, the coordinator answers."""
