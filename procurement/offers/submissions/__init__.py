"""Handing in a sealed quotation, replacing it, taking it back."""
