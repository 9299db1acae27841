"""Giving money back: asked for with a reason, decided by a second person, carried out by the payment service."""
