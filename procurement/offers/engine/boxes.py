"""Sealing bytes to a public key: X25519 with a key of the moment, HKDF-SHA256, AES-256-GCM.

What is sealed is bound to a context (which quotation, which keeper): opened under another context it fails. The
moment's private key is forgotten at once, so whoever seals cannot open afterwards.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY, NONCE = 32, 12
_PURPOSE = b"fahui sealed quotation share v1"


class CannotOpen(ValueError):
    """The key is another one, or what was sealed has been altered."""


def seal_to(public_key: bytes, plain: bytes, context: bytes) -> bytes:
    """Seal bytes so that only the holder of the private key opens them; return key of the moment, nonce, text."""
    moment = X25519PrivateKey.generate()
    mine = moment.public_key().public_bytes_raw()
    shared = moment.exchange(X25519PublicKey.from_public_bytes(public_key))
    nonce = secrets.token_bytes(NONCE)
    return mine + nonce + AESGCM(_derived(shared, mine, public_key)).encrypt(nonce, plain, context)


def open_with(private_key: X25519PrivateKey, sealed: bytes, context: bytes) -> bytes:
    """Open what was sealed to the key's public half, or raise CannotOpen."""
    theirs, nonce, text = sealed[:KEY], sealed[KEY : KEY + NONCE], sealed[KEY + NONCE :]
    try:
        shared = private_key.exchange(X25519PublicKey.from_public_bytes(theirs))
        key = _derived(shared, theirs, private_key.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, text, context)
    except (InvalidTag, ValueError) as wrong:
        raise CannotOpen from wrong


def _derived(shared: bytes, moment: bytes, public_key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=moment + public_key, info=_PURPOSE).derive(shared)
