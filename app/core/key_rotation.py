"""Rotation of the master keys: a new one is made, and every subject's key is sealed anew with it.

Old master keys stay in the file until they are destroyed on purpose: a backup made before the rotation needs
them. Destroying them is what makes an erased person unreadable in old backups too.
"""

import json
import os
from dataclasses import dataclass
from typing import Any

from app.core import database, vault
from app.core.database import transaction
from app.core.settings import settings

BATCH = 1000


class KeysStillUsed(RuntimeError):
    """Subject keys are still sealed with an old master key."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did."""

    key_id: str
    resealed: int


async def rotate() -> Rotation:
    """Make a new master key and seal every subject's key with it; safe to run again after an interruption."""
    stored = _stored()
    key_id = f"k{max(int(name[1:]) for name in stored['keys']) + 1}"
    stored["keys"][key_id] = vault._random_key()
    _replace({**stored, "current": key_id})
    return Rotation(key_id, await reseal())


async def reseal() -> int:
    """Seal with the current master key what older ones sealed; return how many subject keys."""
    resealed = 0
    while count := await _reseal_batch():
        resealed += count
    return resealed


async def destroy_old() -> list[str]:
    """Remove all master keys but the current one from the file; refused while anything needs them."""
    stored = _stored()
    used = await database.fetch_value(
        "SELECT count(*) FROM subject_key WHERE sealed_key IS NOT NULL AND master_key_id <> $1", stored["current"]
    )
    if used:
        raise KeysStillUsed(f"{used} subject keys still need an old master key; run `fahui keys rotate` first")
    old = [name for name in stored["keys"] if name != stored["current"]]
    _replace({**stored, "keys": {stored["current"]: stored["keys"][stored["current"]]}})
    return old


def known_key_ids() -> set[str]:
    """Return the ids of the master keys that the key file holds; none without the file."""
    return set(_stored()["keys"]) if settings().key_file.exists() else set()


async def _reseal_batch() -> int:
    masters = vault._masters()
    current = masters["current"]
    async with transaction():
        rows = await database.fetch(
            "SELECT id, master_key_id, sealed_key FROM subject_key WHERE sealed_key IS NOT NULL"
            " AND master_key_id <> $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE",
            *(current, BATCH),
        )
        opened = [vault._open(masters["keys"][row["master_key_id"]], row["sealed_key"]) for row in rows]
        await database.execute(
            "UPDATE subject_key SET sealed_key = anew.sealed, master_key_id = $3"
            " FROM unnest($1::bigint[], $2::bytea[]) anew (id, sealed) WHERE subject_key.id = anew.id",
            [row["id"] for row in rows],
            [vault._seal(masters["keys"][current], secret) for secret in opened],
            current,
        )
    return len(rows)


def _stored() -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(settings().key_file.read_text())
    return stored


def _replace(stored: dict[str, Any]) -> None:
    """Write the file whole or not at all, readable by this user alone."""
    path = settings().key_file
    fresh = path.with_name(path.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(stored, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    vault._masters.cache_clear()
