"""Sealing a quotation so that only several keepers together can read it; no database and no clock in here."""
