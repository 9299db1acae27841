"""Dated exceptions to the weekly windows: away for some days, or free once more."""
