"""What the payment service tells us: taken once, handled in any order, handled again on request."""
