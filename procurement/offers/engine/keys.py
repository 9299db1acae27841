"""A keeper's pair of keys; the private half exists only under a passphrase that nobody but the keeper knows.

The passphrase is stretched with scrypt (RFC 7914; 64 MiB, about a fifth of a second) before it seals the private key
with AES-256-GCM, so that guessing from a stolen backup is slow. There is no second way in: a forgotten passphrase is
a lost key.
"""

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procurement.offers.engine.boxes import KEY, NONCE, CannotOpen

SALT = 16
SHORTEST = 12
"""Fewer characters than this are refused as a passphrase."""
_COST, _BLOCK, _MEMORY = 2**16, 8, 2**27


@dataclass(frozen=True, slots=True)
class KeptKey:
    """What is stored of a pair of keys."""

    public_key: bytes
    salt: bytes
    private_sealed: bytes


def new_key(passphrase: str) -> KeptKey:
    """Make a pair of keys and seal the private half under the passphrase."""
    private = X25519PrivateKey.generate()
    public, salt, nonce = private.public_key().public_bytes_raw(), secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    sealed = AESGCM(_stretched(passphrase, salt)).encrypt(nonce, private.private_bytes_raw(), public)
    return KeptKey(public, salt, nonce + sealed)


def unlocked(kept: KeptKey, passphrase: str) -> X25519PrivateKey:
    """Return the private key, or raise CannotOpen if the passphrase is wrong."""
    nonce, sealed = kept.private_sealed[:NONCE], kept.private_sealed[NONCE:]
    try:
        raw = AESGCM(_stretched(passphrase, kept.salt)).decrypt(nonce, sealed, kept.public_key)
    except InvalidTag as wrong:
        raise CannotOpen from wrong
    return X25519PrivateKey.from_private_bytes(raw)


def fingerprint(public_key: bytes) -> str:
    """Return a short name of a key that two people can compare."""
    digest = hashlib.sha256(public_key).hexdigest()[:16]
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def _stretched(passphrase: str, salt: bytes) -> bytes:
    typed = unicodedata.normalize("NFKC", passphrase.strip())  # the same words on another keyboard
    return hashlib.scrypt(typed.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, maxmem=_MEMORY, dklen=KEY)
