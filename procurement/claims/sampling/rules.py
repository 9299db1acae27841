"""How many of many are looked at, and which: drawn by a stored seed, so that anybody can draw them again."""

import hashlib
from collections.abc import Iterable
from math import isqrt

from app.core.errors import DomainError
from app.core.text import N_

MANY = 20
"""From so many claims on, approved by one person on one day, some are looked at first, however they are split up."""
MOST = 30


class SampleNotLookedAt(DomainError):
    """Some of the drawn claims have not been looked at."""

    code, status, message = (
        "sample_not_looked_at",
        409,
        N_("抽中的申领还有 %(count)s 件没有看。逐件看过以后才能成批通过。"),
    )


class SampleNotDrawn(DomainError):
    """Nobody drew a sample of just these claims, or it was not looked at; the database says so, whoever asks."""

    code, status, message = (
        "sample_not_drawn",
        409,
        N_("今天由你通过、没有抽样的，加上这些满二十件了：请在“确认通过”页逐件看过抽中的申领，再通过。"),
    )


def size_of(count: int, before: int = 0) -> int:
    """Return how many of so many claims are drawn: none of a few, about the square root of many.

    ``before`` is what the same person approved on the day before these and nobody looked at: it counts as well.
    """
    together = count + before
    return 0 if together < MANY else min(count, MOST, isqrt(together) + 1)


def selection_sha256(claim_ids: Iterable[int]) -> bytes:
    """Return the hash that a selection is known by."""
    return hashlib.sha256(",".join(map(str, sorted(claim_ids))).encode()).digest()


def drawn(claim_ids: Iterable[int], seed: bytes, before: int = 0) -> list[int]:
    """Return the sample: the claims whose digest with the seed is smallest."""
    known = sorted(claim_ids)
    ranked = sorted(known, key=lambda one: hashlib.sha256(seed + str(one).encode()).digest())
    return sorted(ranked[: size_of(len(known), before)])
