"""Identifiers that may leave the server: random public ids, official codes, check digits."""

import re
from uuid import UUID, uuid4

from app.core.errors import NotFound

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ID_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CARD_CHECK = "10X98765432"


def new_public_id() -> UUID:
    """Return a random 128-bit identifier; sequential ids of people and claims never leave the server."""
    return uuid4()


def parse_public_id(text: str) -> UUID:
    """Read a public id from an address; anything else is simply not found."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def uscc_check_digit(body: str) -> str:
    """Return the 18th character of a unified social credit code (GB 32100-2015, appendix)."""
    total = sum(_USCC_ALPHABET.index(char) * weight for char, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def is_uscc(text: str) -> bool:
    """Tell whether the text is a unified social credit code with a right check digit."""
    if len(text) != 18 or any(char not in _USCC_ALPHABET for char in text):
        return False
    return uscc_check_digit(text[:17]) == text[17]


def id_card_check_digit(body: str) -> str:
    """Return the 18th character of a citizen identity number (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_CARD_WEIGHTS, strict=True))
    return _ID_CARD_CHECK[total % 11]


def is_id_card(text: str) -> bool:
    """Tell whether the text is a citizen identity number with a right check digit."""
    return bool(re.fullmatch(r"\d{17}[\dX]", text)) and id_card_check_digit(text[:17]) == text[17]
