"""Merkle trees over SHA-256 with separate domains for leaves and nodes, as RFC 9162 (section 2.1.1) builds them.

Without the separation an inner node could pass for a leaf. An odd node moves up unchanged; it is never
doubled, so no two lists of leaves share a root.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

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


class Step(NamedTuple):
    """One step from a leaf to the root: the neighbour's hash, and whether it stands to the left."""

    sha256: bytes
    left: bool


def path(leaves: Sequence[bytes], place: int) -> list[Step]:
    """Return the steps that prove a leaf's part in the root without showing another leaf (RFC 9162, section 2.1.3)."""
    level, steps = list(leaves), []
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            steps.append(Step(level[beside], beside < place))
        paired = [node_sha256(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level, place = paired + level[len(paired) * 2 :], place // 2
    return steps


def root_by(leaf: bytes, steps: Sequence[Step]) -> bytes:
    """Return the root that a leaf and its steps lead to."""
    for step in steps:
        leaf = node_sha256(step.sha256, leaf) if step.left else node_sha256(leaf, step.sha256)
    return leaf
