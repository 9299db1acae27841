"""Templates per kind of service: complete but for the areas and the price, copied in one click."""
