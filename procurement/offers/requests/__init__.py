"""Asking for a purchase by quotations."""
