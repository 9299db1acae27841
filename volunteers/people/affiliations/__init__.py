"""Belonging to an organization: asked for, confirmed, left."""
