"""Thanking: numbered without gaps, on a private page and as a PDF in both languages."""
