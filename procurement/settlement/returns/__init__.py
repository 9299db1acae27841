"""Payments that the bank sent back: recorded by the cashier, booked back, paid again to a corrected account."""
