"""Giving: the form, the payment service's page, and what a payment makes of a gift."""
