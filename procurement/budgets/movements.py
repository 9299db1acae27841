"""The one door to a budget line's book, for every use case that touches fiscal money.

Called inside the caller's transaction, after its own locks: budget lines are locked last and in id order, so
that purchases, claims and settlements never wait for each other in a circle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import groupby
from operator import add

from app.core import clock, database
from app.core.access import Principal
from app.core.database import Row
from app.core.errors import DomainError, NotFound
from app.core.money import yuan
from app.core.text import N_
from procurement.blocks import LawRefusal
from procurement.budgets.rules import (
    BUDGET_LAW_13,
    BUDGET_LAW_18,
    Amounts,
    Movement,
    MovementKind,
    brought_back,
)

_COLUMNS = (
    "budget_line_id",
    "kind",
    "approved_fen",
    "reserved_fen",
    "committed_fen",
    "spent_fen",
    "closed_fen",
    "source_type",
    "source_id",
    "actor_id",
    "moved_at",
)
_LOCK = """
SELECT l.id, l.approved_fen, l.reserved_fen, l.committed_fen, l.spent_fen, l.closed_fen, l.year, l.closing_id,
       p.name_zh AS programme, place.name_zh AS place
FROM budget_line l JOIN programme p ON p.id = l.programme_id JOIN place ON place.id = l.place_id
WHERE l.id = ANY($1) ORDER BY l.id FOR NO KEY UPDATE OF l
"""
_ROOM = """
SELECT approved_fen - reserved_fen - committed_fen - spent_fen - closed_fen >= $2 FROM budget_line
WHERE id = paying_line($1) FOR NO KEY UPDATE
"""


class BudgetExceeded(LawRefusal):
    """采购法 §6, 预算法 §13: nothing is reserved, bound or paid beyond what was approved, nor taken out twice."""

    code, status = "budget_exceeded", 409
    source, compared = BUDGET_LAW_13, "%(left)s"
    reason = N_("预算不足：%(line)s 需要 %(asked)s，可用 %(left)s。")
    remedy = N_("请减少数量，或先追加预算。")


class CutExceedsBound(BudgetExceeded):
    """A line is never cut, nor adjusted, below what is reserved, bound by contract or paid."""

    code = "budget_cut_exceeds_bound"
    reason = N_("不能调减：%(line)s 已有 %(bound)s 被预留、签约或支付，最多可调减 %(left)s，这次要调减 %(asked)s。")
    remedy = N_("请减少调减的金额，或先释放占用的预算。")


class YearIsClosed(LawRefusal):
    """预算法 §18: the budget year is the calendar year; once it is closed, nothing is put into its lines."""

    code, status = "budget_line_year_closed", 409
    source, compared = BUDGET_LAW_18, "%(year)s"
    reason = N_("%(line)s 的年度已经结转，不能再变动。")
    remedy = N_("请改用本年度的预算行；结转过来的合同和申领会自动从本年度的预算行支付。")


class MovementRepeated(DomainError):
    """The same source asks for the same kind of movement a second time."""

    code, status, message = "movement_repeated", 409, N_("这笔预算已经登记过，不会重复登记。请刷新页面。")


async def post_movements(principal: Principal, movements: Sequence[Movement]) -> None:
    """Enter movements of any number of lines, all or none; the lines' amounts follow by trigger.

    What was bound on a line of a closed year is moved on the line that stands in for it. Raises BudgetExceeded for
    the first line, by id, that cannot bear what is asked, YearIsClosed for money that is put into a closed year, and
    MovementRepeated if a source has asked for the same kind before.
    """
    if not movements:
        return
    if not database.in_transaction():
        raise RuntimeError("a budget movement belongs into the transaction of what causes it")
    ordered, lines = await _on_open_lines(movements)
    asked = {
        line_id: [movement.change for movement in of_line]
        for line_id, of_line in groupby(ordered, key=lambda movement: movement.line_id)
    }
    _require_room(lines, asked)
    at = clock.now()
    async with database.refusing({"budget_movement_once": MovementRepeated}):
        await database.copy_rows(
            "budget_movement", _COLUMNS, [_row(movement, principal.account_id, at) for movement in ordered]
        )


async def has_room(line_id: int, fen: int) -> bool:
    """Tell whether the line that pays for a line today has so much free; it is locked until the transaction ends."""
    return bool(await database.fetch_value(_ROOM, line_id, fen))


async def _on_open_lines(movements: Sequence[Movement]) -> tuple[list[Movement], Sequence[Row]]:
    """Lock the lines and return the movements by line; those of closed lines on the lines that stand in for them.

    A line that was closed while its lock was waited for is found so under the lock, and looked up again.
    """
    ordered = sorted(movements, key=lambda movement: movement.line_id)
    lines = await database.fetch(_LOCK, sorted({movement.line_id for movement in ordered}))
    if len(lines) < len({movement.line_id for movement in ordered}):
        raise NotFound
    closed = {line["id"]: line for line in lines if line["closing_id"] is not None}
    if not closed:
        return ordered, lines
    rows = await database.fetch("SELECT id, paying_line(id) AS paying FROM unnest($1::bigint[]) AS id", list(closed))
    paying = {row["id"]: row["paying"] for row in rows}
    return await _on_open_lines([_onto(movement, closed, paying) for movement in ordered])


def _onto(movement: Movement, closed: Mapping[int, Row], paying: Mapping[int, int]) -> Movement:
    line = closed.get(movement.line_id)
    if line is None:
        return movement
    if movement.kind is MovementKind.APPROPRIATE:
        raise YearIsClosed(line=_name(line), year=str(line["year"]))
    onto = paying[movement.line_id]
    if movement.kind is MovementKind.RETURN and not movement.change.approved:
        return brought_back(onto, movement)
    return replace(movement, line_id=onto)


def _name(line: Row) -> str:
    return f"{line['place']} {line['year']} {line['programme']}"


def _require_room(lines: Sequence[Row], asked: dict[int, list[Amounts]]) -> None:
    for line in lines:
        amounts = Amounts(*(line[f"{name}_fen"] for name in ("approved", "reserved", "committed", "spent", "closed")))
        change = reduce(add, asked[line["id"]])
        if not (amounts + change).possible:
            name = _name(line)
            asked_fen, left_fen = _shortage(amounts, change)
            if change.approved < 0 and not change.bound:
                bound = yuan(amounts.bound)
                raise CutExceedsBound(line=name, asked=yuan(asked_fen), left=yuan(left_fen), bound=bound)
            raise BudgetExceeded(line=name, asked=yuan(asked_fen), left=yuan(left_fen))


def _shortage(amounts: Amounts, change: Amounts) -> tuple[int, int]:
    """Return what is asked of the pot that runs dry first, and what it holds."""
    for name in ("reserved", "committed", "spent"):
        held, moved = getattr(amounts, name), getattr(change, name)
        if held + moved < 0:
            return -moved, held
    return change.bound - change.approved, amounts.left


def _row(movement: Movement, actor_id: int | None, at: object) -> tuple[object, ...]:
    change = movement.change
    return (
        movement.line_id,
        movement.kind.value,
        change.approved,
        change.reserved,
        change.committed,
        change.spent,
        change.closed,
        movement.source.type,
        movement.source.id,
        actor_id,
        at,
    )
