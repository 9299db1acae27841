"""The Merkle tree: one root for one list, and for no other."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.merkle import leaf_sha256, node_sha256, root

CONTENTS = st.lists(st.binary(max_size=4), min_size=1, max_size=40)


def test_a_single_leaf_is_its_own_root() -> None:
    assert root([leaf_sha256(b"a")]) == hashlib.sha256(b"\x00a").digest()


def test_the_tree_is_built_as_rfc_9162_says() -> None:
    a, b, c = (leaf_sha256(letter) for letter in (b"a", b"b", b"c"))
    assert root([a, b, c]) == node_sha256(node_sha256(a, b), c)


def test_an_empty_tree_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a leaf"):
        root([])


def test_an_odd_leaf_is_not_doubled() -> None:
    a, b, c = (leaf_sha256(letter) for letter in (b"a", b"b", b"c"))
    assert root([a, b, c]) != root([a, b, c, c])


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    a, b, c, d = (leaf_sha256(letter) for letter in (b"a", b"b", b"c", b"d"))
    inner = node_sha256(a, b)
    assert root([a, b, c, d]) == node_sha256(inner, node_sha256(c, d))
    assert leaf_sha256(a + b) != inner


@given(CONTENTS)
def test_every_prefix_has_a_root_of_its_own(contents: list[bytes]) -> None:
    roots = [root([leaf_sha256(content) for content in contents[:length]]) for length in range(1, len(contents) + 1)]
    assert all(one != other for one, other in pairwise(roots))
    assert len(set(roots)) == len(roots)


@given(CONTENTS, st.data())
def test_a_change_of_any_leaf_changes_the_root(contents: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(contents) - 1))
    changed = [*contents]
    changed[place] += b"!"
    assert root([leaf_sha256(one) for one in contents]) != root([leaf_sha256(one) for one in changed])
