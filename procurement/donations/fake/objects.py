"""The demonstration's objects: rows of JSON by id, as a payment service keeps them; and its idempotency keys."""

import hashlib
import secrets
from typing import Any

import msgspec

from app.core import clock, database
from app.core.database import transaction
from procurement.donations.payments import GatewayRefused

Body = dict[str, Any]
PREFIXES = {
    "checkout": "cs_demo_", "payment": "pi_demo_", "refund": "re_demo_", "dispute": "du_demo_", "plan": "sub_demo_",
    "entry": "txn_demo_", "event": "evt_demo_",
}  # fmt: skip


async def made(kind: str, **body: Any) -> Body:
    """Make an object; returns it with its id."""
    now = clock.now()
    full = {"id": PREFIXES[kind] + secrets.token_hex(12), "created": now.timestamp(), **body}
    await database.insert_row(
        "demo_gateway_object", {"gateway_id": full["id"], "kind": kind, "body": _json(full), "made_at": now}
    )
    return full


async def read(gateway_id: str, *, lock: bool = False) -> Body:
    """Return an object, locked where it is about to change; refuse an unknown id as Stripe does."""
    held = " FOR UPDATE" if lock else ""
    text = await database.fetch_value(
        f"SELECT body::text FROM demo_gateway_object WHERE gateway_id = $1{held}", gateway_id
    )
    if text is None:
        raise GatewayRefused(reason="resource_missing")
    return database.decoded(text, Body)


async def changed(body: Body, **values: Any) -> Body:
    """Write some values of an object."""
    full = {**body, **values}
    await database.execute(
        "UPDATE demo_gateway_object SET body = $2::jsonb WHERE gateway_id = $1", body["id"], _json(full)
    )
    return full


async def listed(kind: str, **where: Any) -> list[Body]:
    """Return the objects of a kind that have some values, the oldest first."""
    rows = await database.fetch(
        "SELECT body::text AS body FROM demo_gateway_object WHERE kind = $1 AND body @> $2::jsonb ORDER BY id",
        kind,
        _json(where),
    )
    return [database.decoded(row["body"], Body) for row in rows]


async def once(key: str, request: Any, work: Any) -> str:
    """Do a write once for a key and return the id of what it made; another request with the same key is refused."""
    digest = hashlib.sha256(msgspec.json.encode(request)).digest()
    async with transaction():
        await database.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))", key)
        known = await database.fetch_one("SELECT request_sha256, gateway_id FROM demo_gateway_key WHERE key = $1", key)
        if known is not None:
            if known["request_sha256"] != digest:
                raise GatewayRefused(reason="idempotency_error")
            return str(known["gateway_id"])
        made_id: str = await work()
        await database.insert_row("demo_gateway_key", {"key": key, "request_sha256": digest, "gateway_id": made_id})
        return made_id


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
