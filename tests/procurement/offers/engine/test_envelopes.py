"""Any k of n keepers open a quotation; fewer learn nothing; what was altered shows itself."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.offers.engine import envelopes, keys, shamir
from procurement.offers.engine.boxes import CannotOpen, open_with, seal_to
from procurement.offers.engine.shamir import Share, SharesDoNotFit

SIZES = st.integers(2, 6).flatmap(lambda needed: st.tuples(st.just(needed), st.integers(needed, 9)))


def slow_product(one: int, other: int) -> int:
    """Multiply in the field of AES bit by bit, as FIPS 197 writes it."""
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_the_field_is_that_of_aes() -> None:
    assert all(shamir.times(a, b) == slow_product(a, b) for a in range(256) for b in range(256))
    assert all(shamir.times(shamir.over(a, b), b) == a for a in range(256) for b in range(1, 256))
    assert shamir.times(0x57, 0x83) == 0xC1  # the example of FIPS 197
    with pytest.raises(ZeroDivisionError):
        shamir.over(1, 0)


@given(st.binary(max_size=40), SIZES)
@settings(max_examples=60)
def test_any_k_of_n_restore_the_secret(secret: bytes, sizes: tuple[int, int]) -> None:
    needed, count = sizes
    shares = shamir.split(secret, needed, count)
    assert all(shamir.join(chosen, needed) == secret for chosen in combinations(shares, needed))


@pytest.mark.parametrize("secret", [0, 1, 0x53, 0xFF])
def test_one_share_of_two_is_equally_likely_whatever_the_secret(secret: int) -> None:
    """Over all 256 polynomials through a secret each value of a single share occurs exactly once."""
    for place in (1, 2, 3):
        digest = shamir._digest(bytes([secret]))
        seen = Counter(shamir._at(place, bytes([secret]) + digest, [bytes([slope]) * 17])[0] for slope in range(256))
        assert set(seen.values()) == {1}
        assert len(seen) == 256


def test_two_shares_of_three_fit_every_secret() -> None:
    """Whatever two shares say, each of the 256 secrets has exactly one polynomial of degree 2 through them."""
    first, second, _ = shamir.split(b"\x2a", 3, 3)
    for guess in range(256):
        fitting = 0
        for one in range(256):
            # With the value at 0 and the first share fixed, one coefficient decides the other.
            two = first.values[0] ^ guess ^ one
            at_second = guess ^ shamir.times(one, 2) ^ shamir.times(two, shamir.times(2, 2))
            fitting += at_second == second.values[0]
        assert fitting == 1


@given(st.binary(min_size=1, max_size=32), SIZES, st.data())
@settings(max_examples=60)
def test_fewer_shares_or_an_altered_one_are_noticed(secret: bytes, sizes: tuple[int, int], data: st.DataObject) -> None:
    needed, count = sizes
    shares = shamir.split(secret, needed, count)
    with pytest.raises(SharesDoNotFit):
        shamir.join(shares[: needed - 1], needed)
    with pytest.raises(SharesDoNotFit):
        shamir.join([shares[0]] * needed, needed)
    place = data.draw(st.integers(0, len(shares[0].values) - 1))
    change = data.draw(st.integers(1, 255))
    values = bytearray(shares[0].values)
    values[place] ^= change
    with pytest.raises(SharesDoNotFit):
        shamir.join([Share(shares[0].place, bytes(values)), *shares[1:needed]], needed)


@pytest.mark.parametrize(("needed", "count"), [(1, 3), (4, 3), (2, 256), (0, 0)])
def test_a_split_that_protects_nothing_is_refused(needed: int, count: int) -> None:
    with pytest.raises(ValueError, match="needed"):
        shamir.split(b"x", needed, count)


PASSPHRASES = ["first keeper's words", "second keeper's words", "third keeper's words"]
KEPT = [keys.new_key(passphrase) for passphrase in PASSPHRASES]
PRIVATE = [keys.unlocked(kept, passphrase) for kept, passphrase in zip(KEPT, PASSPHRASES, strict=True)]
KEEPERS = {place: kept.public_key for place, kept in enumerate(KEPT, start=1)}
CONTEXT = b"invitation 1"


def brought(envelope: envelopes.Envelope, *places: int) -> list[Share]:
    return [
        Share(place, envelopes.share_of(PRIVATE[place - 1], envelope.shares[place], place, CONTEXT)) for place in places
    ]


@given(st.binary(max_size=9000))
@settings(max_examples=25)
def test_two_of_three_keepers_open_what_was_sealed(plain: bytes) -> None:
    envelope = envelopes.seal(plain, KEEPERS, 2, CONTEXT)
    for places in ((1, 2), (1, 3), (3, 2), (1, 2, 3)):
        assert envelopes.unseal(envelope.ciphertext, brought(envelope, *places), 2, CONTEXT) == plain
    with pytest.raises(CannotOpen):
        envelopes.unseal(envelope.ciphertext, brought(envelope, 2), 2, CONTEXT)


def test_the_length_of_the_ciphertext_does_not_tell_the_price() -> None:
    lengths = {len(envelopes.seal(b"9" * digits, KEEPERS, 2, CONTEXT).ciphertext) for digits in range(1, 4000, 333)}
    assert len(lengths) == 1


def test_one_false_share_does_no_harm_beside_enough_true_ones() -> None:
    envelope = envelopes.seal(b"600.00", KEEPERS, 2, CONTEXT)
    first, second, third = brought(envelope, 1, 2, 3)
    false = Share(1, bytes(len(first.values)))
    assert envelopes.unseal(envelope.ciphertext, [false, second, third], 2, CONTEXT) == b"600.00"
    with pytest.raises(CannotOpen):
        envelopes.unseal(envelope.ciphertext, [false, second], 2, CONTEXT)


def test_an_envelope_belongs_to_one_invitation_and_a_share_to_one_keeper() -> None:
    envelope = envelopes.seal(b"600.00", KEEPERS, 2, CONTEXT)
    with pytest.raises(CannotOpen):
        envelopes.unseal(envelope.ciphertext, brought(envelope, 1, 2), 2, b"invitation 2")
    with pytest.raises(CannotOpen):
        envelopes.share_of(PRIVATE[0], envelope.shares[1], 1, b"invitation 2")
    with pytest.raises(CannotOpen):
        envelopes.share_of(PRIVATE[1], envelope.shares[1], 1, CONTEXT)
    altered = bytearray(envelope.ciphertext)
    altered[-1] ^= 1
    with pytest.raises(CannotOpen):
        envelopes.unseal(bytes(altered), brought(envelope, 1, 2), 2, CONTEXT)
    with pytest.raises(ValueError, match="places"):
        envelopes.seal(b"", {1: KEEPERS[1], 3: KEEPERS[3]}, 2, CONTEXT)


def test_a_box_opens_only_whole_and_with_its_key() -> None:
    sealed = seal_to(KEPT[0].public_key, b"share", b"here")
    assert open_with(PRIVATE[0], sealed, b"here") == b"share"
    for wrong in (sealed[:20], sealed[:-1], bytes(32) + sealed[32:]):
        with pytest.raises(CannotOpen):
            open_with(PRIVATE[0], wrong, b"here")


def test_a_key_opens_with_its_passphrase_alone() -> None:
    with pytest.raises(CannotOpen):
        keys.unlocked(KEPT[0], PASSPHRASES[1])
    typed = keys.unlocked(keys.new_key("ｗｉｄｅ words é"), " wide words e\u0301 ")
    assert typed.private_bytes_raw()
    assert PRIVATE[0].private_bytes_raw() not in KEPT[0].private_sealed
    assert len(keys.fingerprint(KEPT[0].public_key)) == 19
