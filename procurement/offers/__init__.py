"""Purchases below the threshold by sealed quotations: asking, inviting, keeping, opening, comparing."""
