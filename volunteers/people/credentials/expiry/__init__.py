"""Before a credential ends: its holder is reminded in time to claim the renewal."""
