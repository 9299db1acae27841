"""What the database refuses of a judgement, its lines and a rectification, whoever writes."""

from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Role
from procurement.contracts.requirements.service import lines_of_order
from procurement.deliveries.acceptances.judging import report_put_right
from procurement.deliveries.acceptances.service import (
    CONSTRAINTS,
    BeingPutRight,
    ProofMissing,
    Verdict,
    accept_deliveries,
)
from procurement.deliveries.rules import Finding, LineFinding
from tests.procurement import buying
from tests.procurement.deliveries.served import RAW_JUDGED, Served, after, served
from tests.procurement.deliveries.test_deliveries import taken
from tests.procurement.deliveries.test_orders import ground
from tests.refusals import refusal_by, refused

JUDGE = """INSERT INTO judgement (village_order_id, round, verdict, people_reached, rating, opinions, judged_by,
                                  judged_at, sha256)
           VALUES ($1, $2, $3, 1, 5, 0, $4, now(), sha256('x')) RETURNING id"""
LINES = """INSERT INTO line_judgement (judgement_id, requirement_line_id, met, words)
           SELECT $1, id, $2 OR number > 1, 'x' FROM requirement_line WHERE number <= $3"""
ACCEPT = """INSERT INTO acceptance (village_order_id, verdict, people_reached, rating, acceptor_id, accepted_at)
            SELECT village_order_id, verdict, people_reached, rating, judged_by, judged_at FROM judgement
            WHERE id = $1"""


async def judge(here: Served, verdict: str = "refused", turn: int = 1, *, met: bool = False, lines: int = 6) -> int:
    """Judge the order by hand: its first line as said, the others met; a refusal with all six lines is right."""
    judged = int(await database.fetch_value(JUDGE, here.orders[0], turn, verdict, here.who.acceptor.actor))
    await database.execute(LINES, judged, met, lines)
    return judged


async def ended(here: Served, verdict: str = "refused", turn: int = 1) -> None:
    """Judge the order by hand, for good: with the acceptance that ends it."""
    async with database.transaction():
        await database.execute(ACCEPT, await judge(here, verdict, turn, met=verdict == "accepted"))


async def sent_back(here: Served) -> None:
    """Have the acceptor ask for the first line to be put right within two days."""
    lines = await lines_of_order(here.orders[0])
    judged = tuple(LineFinding(line.number, line.number > 1, "x" if line.number == 1 else "") for line in lines)
    finding = Finding(False, 40, 3, "", judged, clock.today() + timedelta(days=2))
    await accept_deliveries(here.who.acceptor, [Verdict(here.orders[0], finding)])


async def test_a_judgement_by_hand_that_is_right_is_taken(db: None) -> None:
    here = await served(proofs=True)
    await ended(here)
    assert await database.fetch_value("SELECT count(*) FROM line_judgement") == 6


@pytest.mark.parametrize(
    ("verdict", "met", "lines", "guard"),
    [
        ("accepted", True, 5, "judgement_complete"),
        ("refused", False, 5, "judgement_complete"),
        ("accepted", False, 6, "judgement_follows"),
        ("refused", True, 6, "judgement_follows"),
        ("rectify", False, 6, "judgement_has_day"),
    ],
)
async def test_every_line_is_judged_and_the_verdict_is_what_the_lines_say(
    db: None, verdict: str, met: bool, lines: int, guard: str
) -> None:
    here = await served(proofs=True)
    async with refusal_by(guard):
        await judge(here, verdict, met=met, lines=lines)


@pytest.mark.parametrize(("verdict", "met"), [("accepted", True), ("refused", False)])
async def test_the_last_judgement_ends_the_delivery(db: None, verdict: str, met: bool) -> None:
    here = await served(proofs=True)
    async with refusal_by("judgement_ends_delivery"):
        await judge(here, verdict, met=met)
    await ended(here, verdict)


@pytest.mark.parametrize("verdict", ["refused", "rectify"])
async def test_nobody_of_the_provider_judges_its_delivery(db: None, verdict: str) -> None:
    here = await served(proofs=True)
    colleague = await buying.person_as(Role.PROVIDER, None, here.organization)
    for involved in (here.who.provider, colleague, here.who.officer):
        await refused("acceptance_separate_person", JUDGE, here.orders[0], 1, verdict, involved.actor)


async def test_no_line_is_added_to_what_was_signed(db: None) -> None:
    here = await served(proofs=True)
    await refused(
        "requirement_lines_at_once",
        """INSERT INTO requirement_line (contract_id, number, kind, text_zh)
           SELECT contract_id, max(number) + 1, 'content', '再讲一场' FROM requirement_line GROUP BY contract_id""",
    )
    await ended(here, "accepted")


async def test_a_line_stands_once_in_a_contract_is_judged_once_and_not_met_only_with_words(db: None) -> None:
    here = await served(proofs=True)
    await refused(
        "requirement_line_once",
        """INSERT INTO requirement_line (contract_id, number, kind, text_zh)
           SELECT contract_id, number, kind, 'x' FROM requirement_line WHERE number = 1""",
    )
    async with refusal_by("line_judgement_once"):
        await database.execute(LINES, await judge(here), True, 1)
    async with refusal_by("line_judgement_reasoned"):
        judged = await judge(here, lines=0)
        await database.execute(
            """INSERT INTO line_judgement (judgement_id, requirement_line_id, met)
               SELECT $1, id, number > 1 FROM requirement_line""",
            judged,
        )


async def test_only_what_was_delivered_is_judged(db: None) -> None:
    here = await ground(villages=1)
    [order] = await taken(here, here.codes)
    async with refusal_by("judgement_of_delivery"):
        judged = await database.fetch_value(JUDGE, order, 1, "refused", here.who.acceptor.actor)
        await database.execute(LINES, judged, False, 6)


async def test_only_what_was_delivered_is_accepted_and_is_so_no_more_once_it_is(db: None) -> None:
    here = await served(proofs=True)
    async with refusal_by("acceptance_of_delivery"):
        judged = await judge(here, "accepted", met=True)
        await database.execute("UPDATE village_order SET status = 'accepted' WHERE id = $1", here.orders[0])
        await database.execute(ACCEPT, judged)


async def test_a_delivery_being_put_right_is_judged_again_once_the_provider_says_so(
    db: None,
) -> None:
    here = await served(proofs=True)
    await sent_back(here)
    async with refusal_by("judgement_after_rectification"):
        await judge(here, turn=2)
    with pytest.raises(BeingPutRight, match="请刷新页面"):
        async with database.refusing(CONSTRAINTS), database.transaction():
            await judge(here, turn=2)
    with after():
        await report_put_right(here.who.provider, here.references[0], "补讲了一遍")
    async with refusal_by("judgement_once"):
        await judge(here, turn=1)
    await ended(here, turn=2)


RECTIFY = """INSERT INTO rectification (judgement_id, village_order_id, status, due_on)
             SELECT max(id), $1, $2, current_date + 2 FROM judgement"""


@pytest.mark.parametrize(("order", "status"), [(1, "asked"), (0, "judged")])
async def test_what_is_to_be_put_right_is_asked_for_of_the_judged_order(db: None, order: int, status: str) -> None:
    here = await served(2, proofs=True)
    async with refusal_by("judgement_has_day"):
        await judge(here, "rectify")
        await database.execute(RECTIFY, here.orders[order], status)


async def test_what_is_to_be_put_right_is_so_by_a_day_to_come(db: None) -> None:
    here = await served(proofs=True)
    async with refusal_by("judgement_has_day"):
        await judge(here, "rectify")
        await database.execute(RECTIFY.replace("+ 2", "- 2"), here.orders[0], "asked")


async def test_nothing_is_to_be_put_right_after_a_refusal(db: None) -> None:
    here = await served(proofs=True)
    await ended(here)
    await refused("judgement_has_day", RECTIFY, here.orders[0], "asked")


async def test_a_rectification_is_neither_hurried_nor_rewritten_nor_reported_by_nobody(db: None) -> None:
    here = await served(proofs=True)
    await sent_back(here)
    reported = f"reported_by = {here.who.provider.actor}, reported_at = now(), report_zh = 'x'"
    for change in ("status = 'judged'", "due_on = due_on + 1", f"status = 'reported', {reported}, due_on = due_on + 1"):
        await refused("rectification_follows", f"UPDATE rectification SET {change}")
    await refused("rectification_follows", "DELETE FROM rectification")
    await refused("rectification_reported", "UPDATE rectification SET status = 'reported'")
    for table in ("judgement", "line_judgement", "proof", "service_log"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(f"DELETE FROM {table}")


async def test_a_proof_that_came_to_be_missing_is_said_in_words(db: None) -> None:
    here = await served()
    with pytest.raises(ProofMissing, match="请刷新页面看还缺什么"):
        async with database.refusing(CONSTRAINTS), database.transaction():
            await database.execute(RAW_JUDGED, here.orders[0], here.who.acceptor.actor)
