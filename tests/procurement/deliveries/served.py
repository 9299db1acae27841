"""Deliveries that wait for their acceptance: the ground of the tests of proofs and judgements."""

import io
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.deliveries.proofs.parties import register_proofs
from procurement.deliveries.proofs.rules import LogEntry, Moment
from procurement.deliveries.proofs.service import Upload
from procurement.deliveries.rules import Finding
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import ground

GOOD = Finding(True, 40, 5, "讲得清楚")
LOG = LogEntry("婚姻家庭与继承", 40, "遗嘱怎么写")
RAW_JUDGED = """
WITH judged AS (
    INSERT INTO judgement (village_order_id, round, verdict, people_reached, rating, opinions, judged_by, judged_at,
                           sha256)
    VALUES ($1, 1, 'accepted', 1, 5, 0, $2, now(), sha256('x')) RETURNING id, judged_at),
lines AS (
    INSERT INTO line_judgement (judgement_id, requirement_line_id, met)
    SELECT judged.id, l.id, true FROM judged, requirement_line l)
INSERT INTO acceptance (village_order_id, verdict, people_reached, rating, acceptor_id, accepted_at)
SELECT $1, 'accepted', 1, 5, $2, judged_at FROM judged"""


@dataclass(frozen=True)
class Served:
    """Delivered orders of one contract, and the people around them."""

    contract: int
    who: buying.People
    codes: list[str]
    orders: list[int]
    references: list[str]
    organization: int
    station: Principal


async def served(villages: int = 1, *, proofs: bool = False) -> Served:
    """Return delivered orders, one for each village, without their proofs unless said otherwise."""
    register_proofs()
    here = await ground(villages=villages, units=1, quantity=max(villages, 10))
    orders = await buying.delivered_orders(here.contract, here.codes, proofs=proofs)
    rows = await database.fetch("SELECT reference FROM village_order WHERE id = ANY($1) ORDER BY id", orders)
    return Served(
        here.contract,
        here.who,
        here.codes,
        orders,
        [row["reference"] for row in rows],
        here.organization,
        await buying.person_as(Role.STATION_STAFF, buying.DISTRICT),
    )


def after() -> AbstractContextManager[None]:
    """Travel to an hour after the services."""
    return clock.travelled_to(buying.soon() + timedelta(hours=4))


def moment() -> Moment:
    """Return when and where the pictures are taken: an hour ago."""
    return Moment(clock.now() - timedelta(hours=1), "村文化礼堂")


def photo(shade: int = 0) -> Upload:
    """Return a small photo, another one for each shade."""
    file = io.BytesIO()
    Image.new("RGB", (24, 18), (shade * 7 % 256, 90, 120)).save(file, "JPEG", quality=100, subsampling=0)
    return Upload(f"IMG_{shade}.jpg", file.getvalue())
