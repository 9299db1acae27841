"""Becoming a volunteer: one person by a form, a whole register by an import."""
