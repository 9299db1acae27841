"""Seeded random samples that anybody can draw again, with their complete evidence."""
