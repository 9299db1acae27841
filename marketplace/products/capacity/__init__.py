"""How many units a month a provider can deliver, and the days on which it does not come."""
