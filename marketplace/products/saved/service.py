"""Keeping a search, giving it up, and telling about what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from marketplace.products.catalogue.filters import asked_question, conditions
from marketplace.products.catalogue.forms import CatalogueForm
from marketplace.products.saved.rules import NothingAsked, TooManySearches, free_slot

CONSTRAINTS = {"saved_search_slots": TooManySearches, "saved_search_slot": TooManySearches}


class Kept(msgspec.Struct, frozen=True):
    """What is sealed: a search's name and the query of its address."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Due:
    """A search whose owner may be told something."""

    id: int
    public_id: UUID
    account_id: int
    kept: Kept
    told_until: datetime


async def save_search(principal: Principal, name: str, asked: CatalogueForm) -> UUID:
    """Keep a search under a name; what is listed from now on is told."""
    principal.scope(Permission.ACCOUNT_SELF)
    address = msgspec.structs.replace(asked, sort=None).address
    if not address:
        raise NothingAsked
    now = clock.now()
    async with transaction(), database.refusing(CONSTRAINTS):
        key_id = await database.fetch_value(
            "SELECT subject_key_id FROM account WHERE id = $1 FOR NO KEY UPDATE", principal.actor
        )
        rows = await database.fetch("SELECT slot FROM saved_search WHERE account_id = $1", principal.actor)
        slot = free_slot({row["slot"] for row in rows})
        kept = Kept(name.strip() or asked.q or address, address)
        sealed = (await vault.subject_key(key_id)).seal(msgspec.json.encode(kept).decode())
        saved = await database.fetch_one(
            """INSERT INTO saved_search (account_id, slot, sealed, told_until, created_at)
               VALUES ($1, $2, $3, $4, $4) RETURNING id, public_id""",
            *(principal.actor, slot, sealed, now),
        )
        if saved is None:
            raise NotFound
        await audit.record(principal, "saved_search.kept", "saved_search", saved["id"])
    return UUID(str(saved["public_id"]))


async def forget_search(principal: Principal, public_id: UUID) -> None:
    """Delete one of the person's own searches."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with transaction():
        row = await database.fetch_one(
            "DELETE FROM saved_search WHERE public_id = $1 AND account_id = $2 RETURNING id", public_id, principal.actor
        )
        if row is None:
            raise NotFound
        await audit.record(principal, "saved_search.forgotten", "saved_search", row["id"])


async def erase_searches(_principal: Principal, account_id: int) -> None:
    """Delete all searches of an account that is being erased; a step of that transaction."""
    await database.execute("DELETE FROM saved_search WHERE account_id = $1", account_id)


async def tell_what_is_new(now: datetime) -> int:
    """Tell everybody once of what was listed since they were told last; return how many were told something."""
    newest = await database.fetch_value("SELECT max(listed_at) FROM listing WHERE shown AND listed_at <= $1", now)
    if newest is None:
        return 0
    due = await _due(newest)
    counts: dict[tuple[str, datetime], int] = {}
    for search in due:
        asked = (search.kept.address, search.told_until)
        if asked not in counts:
            counts[asked] = await _new(search, now)
    told = [(search, counts[search.kept.address, search.told_until]) for search in due]
    async with transaction():
        await database.execute(
            """WITH due AS (SELECT id FROM saved_search WHERE id = ANY ($1) AND told_until < $2
                            ORDER BY id FOR NO KEY UPDATE)
               UPDATE saved_search s SET told_until = $2 FROM due WHERE s.id = due.id""",
            [search.id for search in due],
            now,
        )
        return await notify_many([_notice(search, number) for search, number in told if number])


async def _due(newest: datetime) -> Sequence[Due]:
    rows = await database.fetch(
        """SELECT s.id, s.public_id, s.account_id, s.sealed, s.told_until, a.subject_key_id
           FROM saved_search s JOIN account a ON a.id = s.account_id WHERE s.told_until < $1 ORDER BY s.id""",
        newest,
    )
    keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    return [
        Due(row["id"], row["public_id"], row["account_id"], opened(keys[row["subject_key_id"]], row), row["told_until"])
        for row in rows
        if row["subject_key_id"] in keys
    ]


def opened(key: vault.SubjectKey, row: database.Row) -> Kept:
    """Return what is sealed in a row."""
    return msgspec.json.decode(key.open(row["sealed"]), type=Kept)


async def _new(search: Due, now: datetime) -> int:
    asked = CatalogueForm.at(search.kept.address).asked()
    where = conditions(asked, (await asked_question(asked.text)).at(0))
    where.parts.append(f"l.listed_at > {where.value(search.told_until)} AND l.listed_at <= {where.value(now)}")
    found: int = await database.fetch_value(f"SELECT count(*) FROM listing l WHERE {where}", *where.values)
    return found


def _notice(search: Due, number: int) -> Notice:
    return Notice(
        search.account_id,
        N_("你存下的搜索“%(name)s”有 %(count)s 项新上架的服务。"),
        {"name": search.kept.name, "count": number},
        link=f"/products?{search.kept.address}",
        once_key=f"saved_search:{search.id}:{search.told_until.isoformat()}",
    )
