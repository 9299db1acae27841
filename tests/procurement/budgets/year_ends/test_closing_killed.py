"""A closing is killed before each statement it sends: nothing half closed stays, and the next attempt ends alike."""

import json

from app.core import clock, database
from procurement.payments.rules import PaymentTerms
from tests.killing import KILLED, chosen, connected, copy_of, forking
from tests.procurement import buying
from tests.procurement.budgets.year_ends import killed
from tests.procurement.budgets.year_ends.ended import after, closers, months_closed
from tests.procurement.payments.contracts import signed

# Row numbers that a run which died used up are left out: a line is known by its year and programme.
_PARTS = {
    "closings": """
        SELECT year, place_id, status, carry_years, encode(figures_sha256, 'hex') AS figures, prepared_by, prepared_at,
               closed_by, closed_at FROM year_closing ORDER BY year, place_id, status""",
    "lines": """
        SELECT l.year, p.code, l.place_id, l.fund, l.functional_code, l.economic_code, l.approved_fen, l.reserved_fen,
               l.committed_fen, l.spent_fen, l.closed_fen, l.closing_id IS NOT NULL AS closed, onto.year AS carried_to
        FROM budget_line l JOIN programme p ON p.id = l.programme_id
        LEFT JOIN budget_line onto ON onto.id = l.carried_to
        ORDER BY l.year, p.code, l.place_id""",
    "what became of lines": """
        SELECT l.year, p.code, onto.year AS onto, e.approved_fen, e.spent_fen, e.lapsed_fen, e.carried_fen
        FROM year_closing_line e JOIN budget_line l ON l.id = e.budget_line_id JOIN programme p ON p.id = l.programme_id
        JOIN budget_line onto ON onto.id = e.to_line_id ORDER BY l.year, p.code""",
    "items": """
        SELECT l.year, p.code, i.pot, i.purchase_id, i.claim_id, i.origin_year, i.fate, i.amount_fen
        FROM year_closing_item i JOIN year_closing_line e ON e.id = i.closing_line_id
        JOIN budget_line l ON l.id = e.budget_line_id JOIN programme p ON p.id = l.programme_id ORDER BY i.id""",
    "movements": """
        SELECT l.year, p.code, m.kind, m.approved_fen, m.reserved_fen, m.committed_fen, m.spent_fen, m.closed_fen,
               m.source_type, m.actor_id, m.moved_at
        FROM budget_movement m JOIN budget_line l ON l.id = m.budget_line_id JOIN programme p ON p.id = l.programme_id
        ORDER BY m.id""",
    "postings": """
        SELECT t.booked_on, t.kind, t.source_type, t.actor_id, split_part(a.code, ':', 1) AS account, l.year, p.code,
               posting.amount_fen, posting.place_id, m.starts_on
        FROM ledger_posting posting JOIN ledger_transaction t ON t.id = posting.transaction_id
        JOIN ledger_account a ON a.id = posting.account_id JOIN ledger_period m ON m.id = posting.period_id
        LEFT JOIN budget_line l ON l.id = a.budget_line_id LEFT JOIN programme p ON p.id = l.programme_id
        ORDER BY posting.id""",
    "claims": "SELECT reference, status, budget_line_id, amount_fen FROM claim ORDER BY reference",
    "audit": """
        SELECT action, actor_id, object_type, detail::text FROM audit_event
        WHERE object_type = 'year_closing' ORDER BY id""",
}


async def state(name: str) -> str:
    """Return all that a closing touches, as text."""
    async with connected(name):
        parts = {part: await database.fetch(sql) for part, sql in _PARTS.items()}
    return json.dumps(parts, default=str, ensure_ascii=False, sort_keys=True, indent=1)


async def beginning() -> list[int]:
    """Live through a year with a contract half paid, free money and a gift; return who closes it, and the year."""
    who, year = await closers(), clock.today().year
    deal = await signed(PaymentTerms(0), quantity=6, delivered=3)
    await deal.accept(2)
    await deal.approve()
    await deal.pay()
    await deal.accept(1)
    await deal.approve()  # owed when the year ends
    await buying.budget_line(9_000, programme="donation")
    await buying.budget_line(5_000, programme="expenses")
    with after(year):
        await months_closed(who, year)
    return [who.officer.actor, who.approver.actor, year]


async def test_killed_before_any_statement_nothing_half_closed_stays_and_the_next_attempt_ends_alike(
    database_name: str,
) -> None:
    async with connected(database_name):
        about = await beginning()
    with forking(killed.__name__, about) as runs:
        open_still = await state(database_name)
        async with copy_of(database_name) as whole:
            code, statements = await runs.run(whole)
            assert code == 0
            closed = await state(whole)
        assert '"fate": "lapsed"' in closed
        assert '"fate": "carried"' in closed
        assert statements > 30
        stood_in: list[str] = []
        for statement in chosen(statements):
            async with copy_of(database_name) as broken:
                assert await runs.run(broken, statement) == (KILLED, 0), f"statement {statement} of {statements}"
                left = await state(broken)
                if left not in (open_still, closed):  # then it is prepared: no line, movement or entry is there
                    assert without_preparation(left) == without_preparation(open_still), f"killed before {statement}"
                stood_in.append(left)
                assert (await runs.run(broken))[0] == 0
                assert await state(broken) == closed, f"killed before statement {statement} of {statements}"
    assert len(set(stood_in) - {closed}) == 2  # as it was, or prepared; or, at the very end, closed as a whole


def without_preparation(told: str) -> dict[str, object]:
    """Return a state without what preparing writes."""
    parts = json.loads(told)
    assert {one["status"] for one in parts["closings"]} <= {"prepared"}
    assert {one["action"] for one in parts["audit"]} <= {"budget_year.prepared"}
    return {name: part for name, part in parts.items() if name not in ("closings", "audit")}


async def test_an_attempt_after_it_was_done_changes_nothing(database_name: str) -> None:
    async with connected(database_name):
        about = await beginning()
    with forking(killed.__name__, about) as runs:
        assert (await runs.run(database_name))[0] == 0
        once = await state(database_name)
        assert (await runs.run(database_name))[0] == 0
        assert await state(database_name) == once
