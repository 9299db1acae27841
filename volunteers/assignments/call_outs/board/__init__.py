"""The station's big board: today's shifts, who comes, whom we are calling."""
