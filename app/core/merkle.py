"""Merkle trees over SHA-256 with separate domains for leaves and nodes, as RFC 9162 (section 2.1.1) builds them.

Without the separation an inner node could pass for a leaf. An odd node moves up unchanged; it is never
doubled, so no two lists of leaves share a root.
"""

import hashlib
from collections.abc import Sequence

LEAF, NODE = b"\x00", b"\x01"


def leaf_sha256(content: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(LEAF + content).digest()


def node_sha256(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; an empty tree has none."""
    if not leaves:
        raise ValueError("a Merkle tree needs a leaf")
    level = list(leaves)
    while len(level) > 1:
        paired = [node_sha256(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]
