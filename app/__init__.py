"""The frame of the platform: storage, web, accounts, scheduled work. No business word in here."""
