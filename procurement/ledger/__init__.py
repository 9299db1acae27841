"""Double entry in integer fen, append-only, zero-sum by a trigger of the database."""
