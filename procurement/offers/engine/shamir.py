"""Shamir's secret sharing over GF(2⁸): any k of n shares restore a secret, fewer say nothing about it.

Source: A. Shamir, "How to share a secret", CACM 22 (1979). Each byte of the secret is the value at 0 of a random
polynomial of degree k - 1 over the field of AES (x⁸ + x⁴ + x³ + x + 1); share x holds the values at x = 1 … n. Fewer
than k points fit every possible value at 0 equally often, so they reveal nothing.

The secret is shared together with the first 16 bytes of its SHA-256. The digest is hidden by the same polynomials,
so it reveals nothing either; it makes a wrong or altered share show itself instead of giving a wrong secret.

Multiplication goes by tables of logarithms. Time may depend on the bytes: shares are computed in one short request on
the server and compared with nothing that an attacker sends, so there is nobody to measure it.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

DIGEST = 16
MOST = 255
"""The field has 255 places besides 0, where the secret lies."""


class SharesDoNotFit(ValueError):
    """The shares are too few, altered, or of different secrets."""


@dataclass(frozen=True, slots=True)
class Share:
    """The polynomials' values at one place."""

    place: int
    values: bytes


def _tables() -> tuple[list[int], list[int]]:
    powers, logarithms, value = [0] * 255, [0] * 256, 1
    for exponent in range(255):
        powers[exponent], logarithms[value] = value, exponent
        value ^= (value << 1) ^ (0x11B if value & 0x80 else 0)  # times 3, which generates the field
    return powers, logarithms


_POWERS, _LOGARITHMS = _tables()


def times(one: int, other: int) -> int:
    """Return the product in the field."""
    if one == 0 or other == 0:
        return 0
    return _POWERS[(_LOGARITHMS[one] + _LOGARITHMS[other]) % 255]


def over(one: int, other: int) -> int:
    """Return the quotient in the field; nothing is divided by zero."""
    if other == 0:
        raise ZeroDivisionError
    return 0 if one == 0 else _POWERS[(_LOGARITHMS[one] - _LOGARITHMS[other]) % 255]


def split(
    secret: bytes, needed: int, count: int, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> list[Share]:
    """Split a secret into ``count`` shares of which any ``needed`` restore it.

    Raises ValueError unless 2 ≤ needed ≤ count ≤ 255. ``random_bytes`` must be a cryptographic source.
    """
    if not 2 <= needed <= count <= MOST:
        raise ValueError("2 <= needed <= count <= 255")
    shared = secret + _digest(secret)
    higher = [random_bytes(len(shared)) for _ in range(needed - 1)]
    return [Share(place, _at(place, shared, higher)) for place in range(1, count + 1)]


def join(shares: Sequence[Share], needed: int) -> bytes:
    """Restore the secret from exactly ``needed`` shares; raise SharesDoNotFit if that does not give one."""
    places = {share.place for share in shares}
    lengths = {len(share.values) for share in shares}
    if len(shares) != needed or len(places) != needed or len(lengths) != 1 or 0 in places:
        raise SharesDoNotFit
    weights = [_weight(share.place, places) for share in shares]
    shared = bytearray(lengths.pop())
    for share, weight in zip(shares, weights, strict=True):
        for index, value in enumerate(share.values):
            shared[index] ^= times(value, weight)
    secret, digest = bytes(shared[:-DIGEST]), bytes(shared[-DIGEST:])
    if _digest(secret) != digest:
        raise SharesDoNotFit
    return secret


def _at(place: int, lowest: bytes, higher: Sequence[bytes]) -> bytes:
    """Return every polynomial's value at a place, by Horner's rule from the highest power down."""
    values = bytearray(len(lowest))
    for coefficients in (*reversed(higher), lowest):
        for index, coefficient in enumerate(coefficients):
            values[index] = times(values[index], place) ^ coefficient
    return bytes(values)


def _weight(place: int, places: set[int]) -> int:
    """Return Lagrange's weight of a place for the value at 0; in this field minus is plus is xor."""
    weight = 1
    for other in places - {place}:
        weight = times(weight, over(other, other ^ place))
    return weight


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()[:DIGEST]
