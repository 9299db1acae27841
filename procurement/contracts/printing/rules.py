"""Telling whether a paper in somebody's hand is the text that was signed."""

import re

SHORTEST = 8


def is_of(typed: str, digest: bytes) -> bool:
    """Tell whether what was typed is the hash, or its beginning of eight digits at least; spaces do not count."""
    given = re.sub(r"\s", "", typed).lower()
    return len(given) >= SHORTEST and digest.hex().startswith(given)
