"""Hosts: organizations that sign up, in their name and with their consent, people who need help with it."""
