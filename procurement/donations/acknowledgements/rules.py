"""What an acknowledgement says."""


def due(given: int, refunded: int, lost: int) -> int:
    """Return what an acknowledgement is about: the gift less what went back, never below nothing; minor units."""
    return max(0, given - refunded - lost)


def numbered(fund_code: str, year: int, number: int) -> str:
    """Write the number as it is read: the fund, the year, and a count without gaps."""
    return f"{fund_code.upper()}-{year}-{number:05d}"
