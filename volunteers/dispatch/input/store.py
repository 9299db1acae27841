"""Keeping what a run was solved from: once for each hash, until some weeks after its week or an erasure."""

import asyncio
import gzip
import hashlib
from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Principal
from app.core.errors import DomainError
from app.core.text import N_
from volunteers.dispatch.engine.files import decode_instance, encode
from volunteers.dispatch.engine.instance import Instance

KEPT_WEEKS = 8
"""How long after its week an input is kept."""


class InputIsGone(DomainError):
    """Some weeks after its week, or when a person in it was erased, an input is removed."""

    code, status, message = "input_is_gone", 410, N_("这个计划的原始数据已按规定删除，不能再据此计算。请重新排这一周。")


class DamagedInput(RuntimeError):
    """What is stored is not what its hash says."""


async def keep(instance: Instance, week_start: date) -> bytes:
    """Store an instance unless it is there, in the current transaction or alone; return its hash."""
    digest, packed = await asyncio.to_thread(_packed, instance)
    await database.execute(
        """INSERT INTO dispatch_input (sha256, content, week_start, people, stored_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (sha256) DO NOTHING""",
        *(digest, packed, week_start, [int(volunteer.id) for volunteer in instance.volunteers], clock.now()),
    )
    return digest


async def read(digest: bytes) -> Instance:
    """Return the instance of a hash, or refuse if it has been removed."""
    content: bytes | None = await database.fetch_value("SELECT content FROM dispatch_input WHERE sha256 = $1", digest)
    if content is None:
        raise InputIsGone
    return await asyncio.to_thread(_unpacked, content, digest)


async def remove_old(today: date) -> int:
    """Remove the inputs of weeks long past; return how many."""
    last = today - timedelta(weeks=KEPT_WEEKS + 1)
    return await database.execute("DELETE FROM dispatch_input WHERE week_start < $1", last)


async def forget_person(principal: Principal, account_id: int) -> None:
    """Remove every input that holds the person of an account: where they live, and when they are free."""
    del principal
    await database.execute(
        "DELETE FROM dispatch_input WHERE people @> ARRAY(SELECT id FROM person WHERE account_id = $1)"
        " AND EXISTS (SELECT FROM person WHERE account_id = $1)",
        account_id,
    )


def _packed(instance: Instance) -> tuple[bytes, bytes]:
    content = encode(instance)
    return hashlib.sha256(content).digest(), gzip.compress(content, mtime=0)


def _unpacked(content: bytes, digest: bytes) -> Instance:
    plain = gzip.decompress(content)
    if hashlib.sha256(plain).digest() != digest:
        raise DamagedInput(digest.hex())
    return decode_instance(plain)
