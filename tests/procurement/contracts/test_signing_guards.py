"""What the database refuses about offering, signing and counting a contract, whoever writes."""

from datetime import timedelta

from app.core import clock, database
from procurement.contracts.service import ContractOffer, offer_contracts
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from tests.procurement import buying
from tests.procurement.deliveries.test_deliveries import GOOD
from tests.procurement.deliveries.test_orders import ground
from tests.refusals import refused

OFFER = """INSERT INTO contract (purchase_id, organization_id, product_id, product_version, quantity, unit_price_fen,
                                 starts_on, ends_on, body_zh, text_sha256, signed_by_buyer, offered_at)
           SELECT id, organization_id, product_id, product_version, quantity + $2, unit_price_fen - $3, $4,
                  $4::date + 30, '合同', sha256(convert_to('合同', 'UTF8')), requested_by, now()
           FROM purchase WHERE id = $1"""


async def test_a_contract_is_for_the_quantity_and_the_price_that_were_approved(db: None) -> None:
    organization = await buying.organization()
    purchase_id = await buying.approved_purchase(organization, await buying.people(organization))
    for more, cheaper in ((1, 0), (-1, 0), (0, 1)):
        await refused("contract_as_approved", OFFER, purchase_id, more, cheaper, clock.today())
    await database.execute(OFFER, purchase_id, 0, 0, clock.today())


async def test_a_contract_is_with_the_supplier_and_for_the_product_of_its_purchase(db: None) -> None:
    organization, stranger = await buying.organization(), await buying.organization()
    purchase_id = await buying.approved_purchase(organization, await buying.people(organization))
    product = await buying.product(stranger)
    with_another = OFFER.replace("SELECT id, organization_id, product_id", f"SELECT id, {stranger}, product_id")
    of_another = OFFER.replace("SELECT id, organization_id, product_id", f"SELECT id, organization_id, {product}")
    for instead in (with_another, of_another):
        await refused("contract_of_purchase", instead, purchase_id, 0, 0, clock.today())


async def test_nobody_signs_for_both_parties(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    purchase_id = await buying.approved_purchase(organization, who)
    today = clock.today()
    await offer_contracts(who.officer, [ContractOffer(purchase_id, today, today + timedelta(days=30))])
    sign = "UPDATE contract SET signed_by_provider = $1, signed_at = now()"
    await refused("contract_two_parties", sign, who.officer.actor)
    await database.execute(sign, who.provider.actor)


async def test_what_was_accepted_is_no_longer_taken_back_as_never_ordered(db: None) -> None:
    here = await ground(villages=1)
    [order] = await buying.delivered_orders(here.contract, here.codes)
    await accept_deliveries(here.who.acceptor, [Verdict(order, GOOD)])
    await refused("contract_accepted", "UPDATE village_order SET status = 'cancelled', reason = '撤销'")
    await refused(
        "contract_accepted", "UPDATE village_order SET status = 'declined', reason = '撤销', refusal = 'other'"
    )
