"""Personal data at rest: sealed with a key of its subject's own, so that erasing is destroying that key.

AES-256-GCM throughout. The master keys lie in a 0600 file outside every backup; subject keys are stored
sealed by the current master key, whose id stands beside them, so that master keys can rotate.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core import clock, database
from app.core.errors import DomainError
from app.core.settings import settings
from app.core.text import N_

NONCE_BYTES = 12


class DataErased(DomainError):
    """The subject's key was destroyed; what it sealed cannot be read by anybody."""

    code, status, message = "data_erased", 410, N_("这些个人信息已按本人要求删除，无法再查看。")


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """The opened key of one person, account or organization."""

    id: int
    secret: bytes

    def seal(self, text: str) -> bytes:
        """Return the sealed text."""
        return _seal(self.secret, text.encode())

    def open(self, sealed: bytes) -> str:
        """Return the text again."""
        return _open(self.secret, sealed).decode()


async def new_subject_key() -> SubjectKey:
    """Make and store a key for one subject."""
    return (await new_subject_keys(1))[0]


async def new_subject_keys(count: int) -> list[SubjectKey]:
    """Make and store keys for many subjects at once."""
    master_id, master = _current_master()
    fresh = [secrets.token_bytes(32) for _ in range(count)]
    rows = await database.fetch(
        """INSERT INTO subject_key (master_key_id, sealed_key)
           SELECT $1, sealed FROM unnest($2::bytea[]) WITH ORDINALITY AS made (sealed, place) ORDER BY place
           RETURNING id""",
        master_id,
        [_seal(master, secret) for secret in fresh],
    )
    ids = sorted(row["id"] for row in rows)
    return [SubjectKey(key_id, secret) for key_id, secret in zip(ids, fresh, strict=True)]


async def subject_key(key_id: int) -> SubjectKey:
    """Open a subject's key, or refuse because it was destroyed."""
    row = await database.fetch_one("SELECT master_key_id, sealed_key FROM subject_key WHERE id = $1", key_id)
    if row is None or row["sealed_key"] is None:
        raise DataErased
    return SubjectKey(key_id, _open(_master(row["master_key_id"]), row["sealed_key"]))


async def subject_keys(key_ids: Iterable[int]) -> dict[int, SubjectKey]:
    """Open many subjects' keys at once; those that were destroyed are left out."""
    rows = await database.fetch(
        "SELECT id, master_key_id, sealed_key FROM subject_key WHERE id = ANY($1) AND sealed_key IS NOT NULL",
        list(key_ids),
    )
    return {row["id"]: SubjectKey(row["id"], _open(_master(row["master_key_id"]), row["sealed_key"])) for row in rows}


async def destroy(key_id: int) -> None:
    """Destroy a subject's key: erasure, also from every backup's point of view once keys rotate."""
    await database.execute(
        "UPDATE subject_key SET sealed_key = NULL, destroyed_at = $2 WHERE id = $1 AND sealed_key IS NOT NULL",
        key_id,
        clock.now(),
    )


def digest(text: str) -> bytes:
    """Return the keyed digest by which a sealed value can be unique and found again."""
    return hmac.new(_masters()["digest"], text.encode(), hashlib.sha256).digest()


def masked(text: str, keep_start: int = 3, keep_end: int = 4) -> str:
    """Show only the ends of a number: 138****5678."""
    if len(text) <= keep_start + keep_end:
        return "*" * len(text)
    return text[:keep_start] + "*" * (len(text) - keep_start - keep_end) + text[-keep_end:]


def _seal(secret: bytes, data: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, data, None)


def _open(secret: bytes, sealed: bytes) -> bytes:
    return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)


def _current_master() -> tuple[str, bytes]:
    masters = _masters()
    return masters["current"], masters["keys"][masters["current"]]


def _master(key_id: str) -> bytes:
    """Return a master key; when `fahui keys rotate` made a new one meanwhile, the file is read again."""
    if key_id not in _masters()["keys"]:
        _masters.cache_clear()
    secret: bytes = _masters()["keys"][key_id]
    return secret


@cache
def _masters() -> dict[str, Any]:
    path = settings().key_file
    if not path.exists():
        if settings().mode == "production":
            raise RuntimeError(f"no master keys at {path}; restore them, or make them with `fahui keys create`")
        create_key_file()
    stored = json.loads(path.read_text())
    return {
        "current": stored["current"],
        "digest": base64.b64decode(stored["digest"]),
        "keys": {name: base64.b64decode(value) for name, value in stored["keys"].items()},
    }


def create_key_file() -> None:
    """Write a first set of master keys, readable by this user alone; never over an existing file."""
    path = settings().key_file
    path.parent.mkdir(parents=True, exist_ok=True)
    first = {"current": "k1", "keys": {"k1": _random_key()}, "digest": _random_key()}
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(first, file)
    # A link appears with its content and replaces nothing: processes that start together agree on one whole file.
    try:
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
