"""A holder's own credentials: claiming one, adding a picture to it, renewing it."""
