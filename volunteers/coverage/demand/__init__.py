"""Demand from rules: before a place would be late a shift is made for it, so that the next plan fills it."""
