"""What the database refuses about purchases, whoever writes."""

from itertools import product

from app.core import database
from procurement.purchases.rules import TRANSITIONS, Method, PurchaseStatus
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.procurement.purchases.tenders import stage
from tests.refusals import refused


async def test_a_purchase_is_rated_and_closed_with_its_evaluation_in_words(db: None) -> None:
    organization = await buying.organization()
    await buying.approved_purchase(organization, await buying.people(organization))
    for status in ("rated", "closed"):
        await refused("purchase_evaluated", f"UPDATE purchase SET status = '{status}'")


async def test_a_purchase_stands_at_a_step_that_there_is(db: None) -> None:
    organization = await buying.organization()
    await buying.approved_purchase(organization, await buying.people(organization))
    await refused("purchase_status_check", "UPDATE purchase SET status = 'forgotten'")


async def test_a_purchase_goes_one_of_the_three_ways_of_buying(db: None) -> None:
    here = await stage.ground()
    await refused("purchase_method_check", "UPDATE purchase SET method = 'direct' WHERE id = $1", here.tender)


async def test_a_purchase_goes_only_the_ways_that_the_rules_of_its_method_know(db: None) -> None:
    steps = {(method, start, end) for (method, start, _), end in TRANSITIONS.items()}
    for way in product(Method, PurchaseStatus, PurchaseStatus):
        may = await database.fetch_value("SELECT purchase_may_go($1, $2, $3)", *(one.value for one in way))
        assert may == (way in steps), way
    organization = await buying.organization()
    await buying.approved_purchase(organization, await buying.people(organization))
    for status in ("reserved", "refused", "delivering", "accepted"):
        await refused("purchase_in_order", f"UPDATE purchase SET status = '{status}'")
    here = await stage.ground()
    await refused("purchase_in_order", "UPDATE purchase SET method = 'quotation' WHERE id = $1", here.tender)


async def test_what_was_opened_is_not_sealed_again_but_in_a_round_of_its_own(db: None) -> None:
    await bidding.opened()
    await refused("purchase_as_invited", "UPDATE purchase SET status = 'quotations_sealed'")


async def test_who_asked_for_a_purchase_stays_who_asked(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    await buying.reserved_purchase(organization, who)
    for change in (f"requested_by = {who.approver.actor}", "requested_at = requested_at - interval '1 year'"):
        await refused("purchase_requester_frozen", f"UPDATE purchase SET {change}")
