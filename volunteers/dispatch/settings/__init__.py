"""How weeks are planned: dated settings of a place, inherited by everything below it."""
