"""What the database refuses about purchases, whoever writes."""

from tests.procurement import buying
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
