"""What the database refuses about sealed quotations, their keys, rounds and comparison, whoever writes."""

from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from procurement.offers import rules
from procurement.offers.openings.service import unlock
from procurement.offers.rounds.service import RoundEnough
from procurement.offers.submissions.service import NotTakingQuotations, take_back
from procurement.purchases.service import cancel_purchase
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.procurement.offers.bidding import Bidding
from tests.refusals import refusal_by, refused


async def test_a_revoked_key_is_destroyed_and_a_living_one_is_there(db: None) -> None:
    await bidding.keeper(0)
    await refused("keeper_key_destroyed", "UPDATE keeper_key SET revoked_at = now()")
    await database.execute("UPDATE keeper_key SET revoked_at = now(), private_sealed = NULL")
    await refused("keeper_key_is_frozen", "UPDATE keeper_key SET revoked_at = now()")


ROUND = """INSERT INTO quotation_round (purchase_id, number, deadline, needed, invited_by, invited_at)
           VALUES ($1, $2, $3, 2, $4, now()) RETURNING id"""


TURN = """INSERT INTO quotation_unlock (keeper_id, round_id, unlocked_at)
          SELECT id, round_id, now() FROM quotation_keeper"""
AGAIN = [
    """INSERT INTO quotation_invitation (round_id, organization_id)
       SELECT $1, organization_id FROM quotation_invitation WHERE round_id <> $1""",
    """INSERT INTO quotation_keeper (round_id, position, account_id, keeper_key_id)
       SELECT $1, position, account_id, keeper_key_id FROM quotation_keeper WHERE round_id <> $1""",
]


async def invite_again(here: Bidding, number: int, purchase_id: int | None = None) -> None:
    """Invite the same suppliers and keepers in another round, by hand."""
    later = clock.now() + timedelta(days=4)
    round_id = await database.fetch_value(ROUND, purchase_id or here.purchase_id, number, later, here.officer.actor)
    for statement in AGAIN:
        await database.execute(statement, round_id)


async def test_suppliers_are_invited_to_what_was_requested(db: None) -> None:
    here, organization = await bidding.invited(), await buying.organization()
    call_off = await buying.reserved_purchase(organization, await buying.people(organization))
    async with refusal_by("quotation_round_requested"):
        await invite_again(here, 1, call_off)


async def test_a_round_follows_the_one_before_when_that_is_over(db: None) -> None:
    here = await bidding.invited()
    async with refusal_by("quotation_round_over"):
        await invite_again(here, 2)
    await bidding.passed(here)
    async with refusal_by("quotation_round_over"):
        await invite_again(here, 3)
    async with database.transaction():
        await invite_again(here, 2)


async def test_a_purchase_has_one_complete_round(db: None) -> None:
    """Neither a sealed round with quotations enough nor an opened one is followed by another; a failed one is."""
    here = await bidding.sealed()
    async with refusal_by("quotation_round_enough"):
        await invite_again(here, 2)
    for number in range(2):
        await unlock(here.keepers[number], here.purchase_id, bidding.passphrase(number))
    async with refusal_by("quotation_round_enough"):
        await invite_again(here, 2)
    await database.execute(EXCLUDE, "false_papers", "材料系伪造", here.officer.actor)
    async with database.transaction():
        await invite_again(here, 2)


async def test_a_round_that_was_replaced_is_neither_opened_nor_compared(db: None) -> None:
    here = await bidding.sealed(bidding.PRICES[:2])  # too few: the service opens nothing
    await database.execute(f"{TURN} WHERE position < 3")
    async with database.transaction():
        await invite_again(here, 2)
    opening = (
        "INSERT INTO quotation_opening (round_id, opened_at) SELECT id, now() FROM quotation_round WHERE number = 1"
    )
    await refused("quotation_while_sealed", opening)


async def test_what_is_compared_is_the_round_that_stands_opened(db: None) -> None:
    here = await bidding.opened()
    await database.execute(EXCLUDE, "false_papers", "材料系伪造", here.officer.actor)
    async with database.transaction():
        await invite_again(here, 2)
    await refused("quotation_compared_as_opened", COMPARE, "比价记录", here.officer.actor)


async def test_who_invites_again_what_has_quotations_enough_is_told_so(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await bidding.sealed()
    monkeypatch.setattr(rules, "again_blocks", lambda *_: [])
    with pytest.raises(RoundEnough, match="有效报价已经够数"):
        await bidding.invite(here)


KEY = """INSERT INTO keeper_key (account_id, public_key, salt, private_sealed, created_at)
         SELECT $1::bigint, sha256($1::bigint::text::bytea), salt, private_sealed, created_at FROM keeper_key LIMIT 1"""
KEEPER = """INSERT INTO quotation_keeper (round_id, position, account_id, keeper_key_id)
            SELECT r.id, 9, k.account_id, k.id FROM quotation_round r, keeper_key k WHERE k.account_id = $1"""


async def test_no_key_is_kept_by_who_asks_or_supplies(db: None) -> None:
    """Neither when a keeper is named, nor when a supplier is, nor when a keeper has become a supplier's since."""
    here = await bidding.sealed()
    for person in (here.officer, here.suppliers[0].member):
        await database.execute(KEY, person.actor)
        await refused("quotation_keeper_separate", KEEPER, person.actor)
    joined = (
        """INSERT INTO membership (account_id, role, organization_id, valid_from) VALUES ($1, 'provider', $2, now())"""
    )
    other = await buying.organization()
    await database.execute(joined, here.keepers[0].actor, other)
    await refused("quotation_keeper_separate", INVITE, other)
    await database.execute(joined, here.keepers[1].actor, here.suppliers[0].organization_id)
    turn = f"{TURN} WHERE account_id = $1"
    await refused("quotation_keeper_separate", turn, here.keepers[1].actor)
    await database.execute(turn, here.keepers[0].actor)


INVITE = "INSERT INTO quotation_invitation (round_id, organization_id) SELECT id, $1 FROM quotation_round"


async def test_a_round_that_takes_quotations_keeps_its_suppliers_and_keepers(db: None) -> None:
    await bidding.invited()
    spare = await buying.person_as(Role.SUPERVISOR)
    await database.execute(KEY, spare.actor)
    await refused("quotation_round_stays", INVITE, await buying.organization())
    await refused("quotation_round_stays", KEEPER, spare.actor)


async def test_nobody_is_named_for_a_round_that_is_over(db: None) -> None:
    """Neither after its deadline, nor once another follows, nor when its purchase is cancelled."""
    here = await bidding.invited()
    late, spare = await buying.organization(), await buying.person_as(Role.SUPERVISOR)
    await database.execute(KEY, spare.actor)
    await bidding.passed(here)
    await refused("quotation_round_runs", INVITE, late)
    await refused("quotation_round_runs", KEEPER, spare.actor)
    async with database.transaction():
        await invite_again(here, 2)
    await refused("quotation_round_runs", f"{INVITE} WHERE number = 1", late)
    await cancel_purchase(here.officer, here.purchase_id, "计划调整")
    await refused("quotation_round_runs", f"{INVITE} WHERE number = 2", late)


HAND_IN = """INSERT INTO sealed_quotation (invitation_id, round_id, ciphertext, ciphertext_sha256, submitted_by,
                                           received_at)
             SELECT id, round_id, $1, $2, $3, now() FROM quotation_invitation ORDER BY id LIMIT 1"""
SHA256_OF_X = bytes.fromhex("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")


async def test_a_quotation_is_whole_and_sealed_to_every_keeper(db: None) -> None:
    here = await bidding.invited()
    member = here.suppliers[0].member.actor
    await refused("sealed_quotation_hashed", HAND_IN, None, SHA256_OF_X, member)
    await refused("quotation_sealed_to_all", HAND_IN, b"x", SHA256_OF_X, member)
    await database.execute(HAND_IN, None, None, member)  # taken back: nothing is sealed


async def test_a_cancelled_purchase_takes_no_quotation_and_opens_none(db: None) -> None:
    here = await bidding.invited()
    invitation = await bidding.invitation_of(here, 0)
    await bidding.quote(here, 0, 50_000)
    await cancel_purchase(here.officer, here.purchase_id, "计划调整")
    member = here.suppliers[0].member
    await refused("quotation_while_sealed", HAND_IN, None, None, member.actor)
    with pytest.raises(NotTakingQuotations, match="报价"):
        await take_back(member, invitation)
    await bidding.passed(here)
    await refused("quotation_while_sealed", f"{TURN} LIMIT 1")


READ = """INSERT INTO opened_quotation (opening_id, round_id, quotation_id, invitation_id, organization_id, readable,
                                        unit_price_fen)
          SELECT o.id, o.round_id, q.id, {invitation}, {organization}, $1, $2
          FROM quotation_opening o JOIN sealed_quotation q ON q.round_id = o.round_id
          JOIN quotation_invitation i ON i.id = q.invitation_id
          WHERE NOT EXISTS (SELECT FROM opened_quotation x WHERE x.quotation_id = q.id)"""
AS_SEALED = READ.format(invitation="q.invitation_id", organization="i.organization_id")
EXCLUDE = """INSERT INTO quotation_exclusion (opened_quotation_id, ground, reason_zh, excluded_by, excluded_at)
             SELECT min(id), $1, $2, $3, now() FROM opened_quotation"""
COMPARE = """INSERT INTO quotation_comparison (opening_id, proposed_id, body_zh, text_sha256, made_by, made_at)
             SELECT opening_id, id, '比价记录', sha256(convert_to($1, 'UTF8')), $2, now()
             FROM opened_quotation LIMIT 1"""


async def test_what_is_read_excluded_and_compared_is_whole_reasoned_and_hashed(db: None) -> None:
    here = await bidding.invited()
    for number, price in ((0, 59_000), *enumerate(bidding.PRICES)):  # the first supplier's first one is not opened
        await bidding.quote(here, number, price)
    await bidding.passed(here)
    for number in range(2):
        await unlock(here.keepers[number], here.purchase_id, bidding.passphrase(number))
    for readable, price in ((True, None), (True, 50_000), (False, 50_000)):
        await refused("opened_quotation_whole", AS_SEALED, readable, price)
    another = "(SELECT min(n.{}) FROM quotation_invitation n WHERE n.id <> i.id)"
    for values, guard in (
        ({"invitation": "q.invitation_id", "organization": another.format("organization_id")},
         "opened_quotation_of_supplier"),
        ({"invitation": another.format("id"), "organization": another.format("organization_id")},
         "opened_quotation_as_sealed"),
    ):  # fmt: skip
        await refused(guard, READ.format(**values), False, None)
    await database.execute(AS_SEALED, False, None)
    officer = here.officer.actor
    for reason, person in (("", officer), ("材料系伪造", None)):
        await refused("quotation_exclusion_reasoned", EXCLUDE, "false_papers", reason, person)
    await refused("quotation_comparison_hashed", COMPARE, "另一份记录", officer)
    await database.execute(COMPARE, "比价记录", officer)
