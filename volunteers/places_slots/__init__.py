"""What volunteers add to the pages of places: who comes when, and where seats are open."""
