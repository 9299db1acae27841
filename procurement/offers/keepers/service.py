"""Making a keeper's key and destroying it. The passphrase lives as long as the request that brings it."""

import asyncio

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.offers.engine import keys
from procurement.reading import BUYERS, reading_scope


class KeyExists(DomainError):
    """A keeper has one key at a time."""

    code, status, message = "keeper_key_exists", 409, N_("你已有一把有效的密钥。要换密钥，请先作废旧的。")


async def make_key(principal: Principal, passphrase: str, repeated: str) -> None:
    """Make a pair of keys for an officer, sealed under the passphrase; there is no way to recover it."""
    reading_scope(principal, *BUYERS)
    if len(passphrase) < keys.SHORTEST:
        raise InvalidInput({"passphrase": Message(N_("口令至少%(count)s个字。"), {"count": keys.SHORTEST})})
    if passphrase != repeated:
        raise InvalidInput({"repeated": Message(N_("两次填写的口令不一致。"))})
    kept = await asyncio.to_thread(keys.new_key, passphrase)
    async with transaction(), database.refusing({"keeper_key_live": KeyExists}):
        key_id = await database.insert_row(
            "keeper_key",
            {
                "account_id": principal.actor,
                "public_key": kept.public_key,
                "salt": kept.salt,
                "private_sealed": kept.private_sealed,
                "created_at": clock.now(),
            },
        )
        await audit.record(principal, "keeper_key.made", "keeper_key", key_id)


async def revoke_key(principal: Principal) -> None:
    """Destroy one's own private key: whatever was sealed to it stays closed to this keeper for good."""
    reading_scope(principal, *BUYERS)
    async with transaction():
        key_id = await database.fetch_value(
            """UPDATE keeper_key SET revoked_at = $2, private_sealed = NULL
               WHERE account_id = $1 AND revoked_at IS NULL RETURNING id""",
            principal.actor,
            clock.now(),
        )
        if key_id is None:
            raise NotFound
        await audit.record(principal, "keeper_key.revoked", "keeper_key", key_id)
