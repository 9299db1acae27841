"""Making and ending the private addresses of calendars."""

import secrets
from uuid import UUID

from app.accounts.principals import token_digest
from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.calendars.rules import TOKEN_BYTES


async def make_own_feed(principal: Principal) -> str:
    """Make the address of one's own calendar and return its secret, which nobody can read again; the old one ends."""
    principal.scope(Permission.VOLUNTEER_SELF)
    return await _make(principal, None)


async def make_station_feed(principal: Principal, station_id: int) -> str:
    """Make the person's address of a station's calendar; it works as long as they answer for the station."""
    scope = station_scope(principal)
    code = await database.fetch_value(
        "SELECT place.code FROM station JOIN place ON place.id = station.place_id WHERE station.id = $1", station_id
    )
    if code is None:
        raise NotFound
    scope.require_place(code)
    return await _make(principal, station_id)


async def revoke_feed(principal: Principal, public_id: UUID) -> None:
    """Make one of one's own addresses worthless at once; doing it again changes nothing."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with database.transaction():
        ended = await database.fetch_value(
            """UPDATE calendar_feed SET revoked_at = coalesce(revoked_at, $3)
               WHERE public_id = $1 AND account_id = $2 RETURNING id""",
            *(public_id, principal.actor, clock.now()),
        )
        if ended is None:
            raise NotFound
        await audit.record(principal, "calendar_feed.revoked", "calendar_feed", ended)


async def _make(principal: Principal, station_id: int | None) -> str:
    secret = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    async with database.transaction():
        if not await database.fetch("SELECT id FROM account WHERE id = $1 FOR NO KEY UPDATE", principal.actor):
            raise NotFound
        await database.execute(
            """UPDATE calendar_feed SET revoked_at = $3
               WHERE account_id = $1 AND station_id IS NOT DISTINCT FROM $2 AND revoked_at IS NULL""",
            *(principal.actor, station_id, now),
        )
        made = await database.fetch_value(
            """INSERT INTO calendar_feed (account_id, station_id, token_sha256, created_at)
               VALUES ($1, $2, $3, $4) RETURNING id""",
            *(principal.actor, station_id, token_digest(secret), now),
        )
        await audit.record(principal, "calendar_feed.made", "calendar_feed", made, station=station_id)
    return secret
