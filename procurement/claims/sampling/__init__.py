"""Approving many at once: some are drawn by chance and looked at first."""
