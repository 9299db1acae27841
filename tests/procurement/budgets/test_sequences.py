"""Any sequence of movements: the rule and the database agree on which are possible, and a line is their sum."""

import random

from hypothesis import given
from hypothesis import strategies as st

from app.core import database
from app.core.access import Role
from app.core.database import transaction
from procurement.budgets import movements, rules
from procurement.budgets.movements import BudgetExceeded
from procurement.budgets.rules import Amounts, MoneySource, Movement, MovementKind, Pot
from tests.conftest import rounds
from tests.procurement import buying
from tests.procurement.budgets.test_budgets import amounts

steps = st.lists(
    st.tuples(
        st.sampled_from(["appropriate", "cut", "reserve", "commit", "spend", "release", "give_back"]),
        st.integers(1, 400),
        st.sampled_from(list(Pot)),
    ),
    max_size=25,
)


def movement(step: tuple[str, int, Pot], number: int) -> Movement:
    name, fen, pot = step
    source = MoneySource("property", number)
    if name in ("appropriate", "cut"):
        return rules.appropriate(1, fen if name == "appropriate" else -fen, source)
    if name in ("reserve", "commit"):
        return (rules.reserve if name == "reserve" else rules.commit)(1, fen, source)
    return {"spend": rules.spend, "release": rules.release, "give_back": rules.give_back}[name](1, fen, source, pot)


@given(steps)
def test_the_rule_keeps_every_sequence_within_the_appropriation(taken: list[tuple[str, int, Pot]]) -> None:
    line = Amounts()
    for number, step in enumerate(taken):
        after = line + movement(step, number).change
        if after.possible:
            line = after
        assert line.bound <= line.approved
        assert min(line.approved, line.reserved, line.committed, line.spent) >= 0


async def test_the_database_agrees_with_the_rule_after_every_sequence(db: None) -> None:
    """The same sequences through the real book: refused exactly when the rule says so, and line == Σ movements."""
    line_id = await buying.budget_line(0)
    officer, approver = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)
    line, number = Amounts(), 0
    for taken in _examples(rounds(8, 200)):
        for step in taken:
            number += 1
            made = movement(step, number)
            made = Movement(line_id, made.kind, made.change, made.source)
            refused = False
            try:
                async with transaction():
                    made = await _documented(made, officer.actor, approver.actor)
                    await movements.post_movements(officer, [made])
            except BudgetExceeded:
                refused = True
            assert refused == (not (line + made.change).possible), (line, made)
            line = line if refused else line + made.change
        assert await amounts(line_id) == line


async def _documented(made: Movement, proposer: int, approver: int) -> Movement:
    """Have an approved document behind money that is put into a line or taken out of it."""
    if made.kind is not MovementKind.APPROPRIATE:
        return made
    document = await database.fetch_value(
        """INSERT INTO appropriation (budget_line_id, amount_fen, document, status, proposed_by, proposed_at,
                                      decided_by, decided_at)
           VALUES ($1, $2, '文号', 'approved', $3, now(), $4, now()) RETURNING id""",
        made.line_id,
        made.change.approved,
        proposer,
        approver,
    )
    return Movement(made.line_id, made.kind, made.change, MoneySource("appropriation", document))


def _examples(how_many: int) -> list[list[tuple[str, int, Pot]]]:
    chance = random.Random(20_261_122)
    names = ["appropriate", "reserve", "reserve", "commit", "spend", "release", "give_back", "cut"]
    return [
        [(chance.choice(names), chance.randint(1, 400), chance.choice(list(Pot))) for _ in range(25)]
        for _ in range(how_many)
    ]
