"""What there is to do: shifts with their positions, published by stations and coordinators."""
