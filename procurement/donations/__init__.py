"""Charitable money beside the fiscal: gifts to funds through a payment service, thanked, refunded, accounted for."""
