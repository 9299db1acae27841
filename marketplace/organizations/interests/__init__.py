"""Ties that an officer declares to an organization; they bar the officer from every step that concerns it."""
