"""The papers an organization shows: stated by its members, verified by a named officer."""
