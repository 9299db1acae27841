"""After the visit the village says how it was: once, apart from the acceptance, and the provider reads it."""

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import InvalidInput, NotFound
from procurement.deliveries.ratings.rules import AlreadyRated, NotYetRatable, OwnVisit
from procurement.deliveries.ratings.service import rate
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import ground
from tests.refusals import refused

REFERENCE = "SELECT reference FROM village_order WHERE id = $1"


async def test_a_village_rates_a_visit_once_and_the_provider_is_told(db: None) -> None:
    here = await ground(villages=2)
    [order] = await buying.delivered_orders(here.contract, here.codes[:1])
    reference = await database.fetch_value(REFERENCE, order)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    with pytest.raises(InvalidInput):
        await rate(clerk, reference, 6)
    with pytest.raises(NotFound):
        await rate(await buying.person_as(Role.VILLAGE_CLERK, here.codes[1]), reference, 5)
    await rate(clerk, reference, 4, "讲得清楚，请打 13812345678")
    with pytest.raises(AlreadyRated):
        await rate(clerk, reference, 5)
    [row] = await database.fetch("SELECT rating, words_zh FROM village_rating")
    assert (row["rating"], row["words_zh"]) == (4, "讲得清楚，请打 ***")
    answered_by = await database.fetch_value("SELECT answered_by FROM village_order WHERE id = $1", order)
    told = await database.fetch("SELECT msgid FROM notification WHERE account_id = $1", answered_by)
    assert "评了" in told[-1]["msgid"]
    assert await database.fetch_value("SELECT count(*) FROM acceptance") == 0


async def test_a_visit_to_come_is_not_rated_and_nobody_rates_the_own_one(db: None) -> None:
    here = await ground(villages=1)
    order = await buying.placed_order(here.contract, here.codes[0])
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    with pytest.raises(NotYetRatable):
        await rate(clerk, await database.fetch_value(REFERENCE, order), 5)
    [visit] = await buying.delivered_orders(here.contract, here.codes)
    taker = await database.fetch_value("SELECT answered_by FROM village_order WHERE id = $1", visit)
    both = buying.acting(taker, Role.VILLAGE_CLERK, here.codes[0])
    with pytest.raises(OwnVisit):
        await rate(both, await database.fetch_value(REFERENCE, visit), 5)


async def test_raw_sql_cannot_rate_a_visit_to_come_nor_rewrite_a_rating(db: None) -> None:
    here = await ground(villages=1)
    order = await buying.placed_order(here.contract, here.codes[0])
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    insert = "INSERT INTO village_rating (village_order_id, rating, rated_by, rated_at) VALUES ($1, 5, $2, $3)"
    await refused("village_rating_after_visit", insert, order, clerk.actor, clock.now())
    [visit] = await buying.delivered_orders(here.contract, here.codes)
    taker = await database.fetch_value("SELECT answered_by FROM village_order WHERE id = $1", visit)
    colleague = await buying.person_as(Role.PROVIDER, None, here.organization)
    for own in (taker, colleague.actor):
        await refused("village_rating_by_village", insert, visit, own, clock.now())
    await database.execute(insert, visit, clerk.actor, clock.now())
    with pytest.raises(asyncpg.PostgresError):
        await database.execute("UPDATE village_rating SET rating = 1")
