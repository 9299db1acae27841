"""Certificates of voluntary service: issued at once, checked by anybody, revoked with a reason."""
