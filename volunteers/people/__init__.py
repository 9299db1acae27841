"""Who can go: profiles, credentials, availability, recusals."""
