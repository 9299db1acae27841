"""Why nobody comes to a place: who could, and who of them is free on the day, as the planning engine sees it."""
