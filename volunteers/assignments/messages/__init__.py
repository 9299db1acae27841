"""A message of the station to everybody on a shift."""
