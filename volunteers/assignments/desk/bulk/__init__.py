"""The same change for many assignments at once."""
