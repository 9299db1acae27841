"""What is represented once: money, time, ids, state, errors, database, audit, scheduled work."""
