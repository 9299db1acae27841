"""How many units a village may order in a year."""
