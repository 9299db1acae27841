"""Groups of different lengths in flat arrays."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.pairs import Floats, Ints


def firsts(*columns: Ints) -> Ints:
    """Where each run of equal rows begins."""
    if not len(columns[0]):
        return np.zeros(0, np.int64)
    changes = np.logical_or.reduce([np.diff(column) != 0 for column in columns])
    return np.concatenate([[0], np.flatnonzero(changes) + 1]).astype(np.int64)


def spread(counts: Ints) -> tuple[Ints, Ints]:
    """For groups of these sizes: to which group each element belongs, and its place within the group."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def lowest(values: Floats, first: Ints) -> Ints:
    """The index of the lowest value of each group that begins at `first`; of equal ones the first."""
    if not len(first):
        return first
    sizes = np.diff(np.append(first, len(values)))
    hits = np.flatnonzero(values == np.repeat(np.minimum.reduceat(values, first), sizes))
    group = np.searchsorted(first, hits, side="right")
    return hits[firsts(group)]
