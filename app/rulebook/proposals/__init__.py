"""Replacing a figure of the law: one person proposes it with its source, another confirms it."""
