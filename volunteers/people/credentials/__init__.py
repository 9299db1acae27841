"""Licences and appointments: claimed by a person, verified or refused by a named officer."""
