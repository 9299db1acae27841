"""A sealed quotation: the text under a random key, the key split among the keepers, each share sealed to one of them.

The text is padded to whole kilobytes first, so that its length does not tell how many digits a price has. Both the
text and the shares are bound to a context that names the invitation: nobody can pass one supplier's envelope off as
another's.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procurement.offers.engine import shamir
from procurement.offers.engine.boxes import KEY, NONCE, CannotOpen, open_with, seal_to
from procurement.offers.engine.shamir import Share, SharesDoNotFit

PAGE = 4096
_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is stored: the ciphertext, and one sealed share for each keeper by place."""

    ciphertext: bytes
    shares: Mapping[int, bytes]


def seal(plain: bytes, keepers: Mapping[int, bytes], needed: int, context: bytes) -> Envelope:
    """Seal a text to the keepers' public keys by place 1 … n, so that any ``needed`` of them open it together."""
    if sorted(keepers) != list(range(1, len(keepers) + 1)):
        raise ValueError("the keepers' places run from 1 without a gap")
    key, nonce = secrets.token_bytes(KEY), secrets.token_bytes(NONCE)
    ciphertext = nonce + AESGCM(key).encrypt(nonce, _padded(plain), context)
    shares = shamir.split(key, needed, len(keepers))
    return Envelope(
        ciphertext,
        {share.place: seal_to(keepers[share.place], share.values, _of(context, share.place)) for share in shares},
    )


def share_of(private_key: X25519PrivateKey, sealed: bytes, place: int, context: bytes) -> bytes:
    """Open one keeper's share, or raise CannotOpen."""
    return open_with(private_key, sealed, _of(context, place))


def unseal(ciphertext: bytes, shares: Sequence[Share], needed: int, context: bytes) -> bytes:
    """Return the text, or raise CannotOpen where no choice of ``needed`` shares opens it.

    With more shares than needed a single false one does no harm: each choice is tried, and a false one shows itself.
    """
    for chosen in combinations(shares, needed):
        try:
            key = shamir.join(chosen, needed)
            padded = AESGCM(key).decrypt(ciphertext[:NONCE], ciphertext[NONCE:], context)
        except (SharesDoNotFit, InvalidTag, ValueError):
            continue
        return _unpadded(padded)
    raise CannotOpen


def _of(context: bytes, place: int) -> bytes:
    return context + b"/" + str(place).encode()


def _padded(plain: bytes) -> bytes:
    measured = len(plain).to_bytes(_LENGTH) + plain
    return measured + bytes(-len(measured) % PAGE)


def _unpadded(padded: bytes) -> bytes:
    return padded[_LENGTH : _LENGTH + int.from_bytes(padded[:_LENGTH])]
