"""Keys of quotations for programs: who may keep one, and whether one has one oneself.

Public halves only. A private half never leaves its envelope, and the passphrase that opens it is typed by its keeper
and belongs to no program: keys are made, used and destroyed on the page.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.core.access import Permission
from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal, requires
from procurement.offers.keepers import queries
from procurement.offers.keepers.controllers import KEEPER
from procurement.offers.rounds.queries import keepers_for
from procurement.reading import BUYERS, reading_scope

Fingerprint = Annotated[str, msgspec.Meta(examples=["62a4 091d 32b8 47ec"])]


class KeeperBody(msgspec.Struct):
    """An officer with a live key; ``id`` goes into an invitation."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["赵审批"])]
    fingerprint: Fingerprint


class KeyBody(msgspec.Struct):
    """One's own live key, by the fingerprint of its public half."""

    fingerprint: Fingerprint
    created_at: datetime


@get("/quotation-keepers", guards=[requires(Permission.PURCHASE_REQUEST)], summary="List who may keep a key")
async def list_keepers(principal: CurrentPrincipal, place: FromQuery[str]) -> list[KeeperBody]:
    """Officers of a place of one's own who have a live key; who asks for quotations keeps none."""
    principal.scope(Permission.PURCHASE_REQUEST).require_place(place)
    rows = await keepers_for(place, [principal.actor])
    return [KeeperBody(row.public_id, row.name_zh, row.detail) for row in rows]


@get("/my/keeper-key", guards=[KEEPER], summary="Show one's own key")
async def show_key(principal: CurrentPrincipal) -> KeyBody:
    """One's own live key; 404 while there is none."""
    reading_scope(principal, *BUYERS)
    found = await queries.own_key(principal.actor)
    if found is None:
        raise NotFound
    return KeyBody(found.fingerprint, found.created_at)
