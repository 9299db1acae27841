"""Opening budget lines, proposing appropriations, and deciding them by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.audit import Entry
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.blocks import LawRefusal, Source, require
from procurement.budgets import rules
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import Fund, MoneySource
from procurement.separation import OnePersonOnMoney


class LineExists(DomainError):
    """A programme has one line per place and year."""

    code, status, message = "budget_line_exists", 409, N_("这个地区、年度和项目已经有预算行，请直接追加。")


class FundMixed(LawRefusal):
    """条例 §2: fiscal and donated money never share a line."""

    code, status = "fund_mixed", 409
    source, compared = Source("政府采购法实施条例", "第2条"), N_("资金性质不同")
    reason = N_("财政资金和捐赠资金分开记账，不能放进同一条预算行（另见杭州市法律援助条例第5条）。")
    remedy = N_("请改选资金性质相同的预算行。")


class AlreadyDecided(DomainError):
    """Somebody decided the appropriation in the meantime."""

    code, status, message = "already_decided", 409, N_("这笔预算已经有人处理过。请刷新页面。")


@dataclass(frozen=True, slots=True)
class NewLine:
    """A budget line to open, empty."""

    programme: str
    place_code: str
    year: int
    functional_code: str
    economic_code: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Money to put into a line, or to cut where negative, with the document that grants it."""

    line_id: int
    amount_fen: int
    document: str
    fund: Fund | None = None  # the line's own kind of money unless said otherwise


@dataclass(frozen=True, slots=True)
class Decision:
    """A second person's word on a proposal."""

    appropriation_id: int
    approve: bool
    reason: str = ""


async def open_lines(principal: Principal, lines: Sequence[NewLine]) -> list[int]:
    """Open empty lines and return their ids in the order given."""
    scope = principal.scope(Permission.BUDGET_MANAGE)
    this_year = clock.today().year
    for line in lines:
        scope.require_place(line.place_code)
        require(rules.line_blocks(line.functional_code, line.economic_code, line.year, this_year))
    async with transaction():
        async with database.refusing({"budget_line_programme_id_place_id_year_key": LineExists}):
            rows = await database.fetch(
                _OPEN,
                [line.programme for line in lines],
                [line.place_code for line in lines],
                [line.year for line in lines],
                [line.functional_code for line in lines],
                [line.economic_code for line in lines],
            )
        if len(rows) < len(lines):
            raise NotFound
        found = {(row["code"], row["place_code"], row["year"]): int(row["id"]) for row in rows}
        ids = [found[line.programme, line.place_code, line.year] for line in lines]
        await audit.record_many(
            principal,
            [
                Entry("budget_line.opened", "budget_line", line_id, {"programme": line.programme, "year": line.year})
                for line_id, line in zip(ids, lines, strict=True)
            ],
        )
        return ids


async def propose_appropriations(principal: Principal, proposals: Sequence[Proposal]) -> list[int]:
    """Write proposals for a second person to decide and return their ids in the order given."""
    scope = principal.scope(Permission.BUDGET_MANAGE)
    _refuse_incomplete(proposals)
    async with transaction():
        await _require_lines(scope, {proposal.line_id for proposal in proposals})
        async with database.refusing({"appropriation_of_one_fund": FundMixed}):
            rows = await database.fetch(
                _PROPOSE,
                [proposal.line_id for proposal in proposals],
                [proposal.amount_fen for proposal in proposals],
                [proposal.document.strip() for proposal in proposals],
                [proposal.fund.value if proposal.fund else None for proposal in proposals],
                principal.actor,
                clock.now(),
            )
        ids = sorted(int(row["id"]) for row in rows)
        await audit.record_many(
            principal,
            [
                Entry("appropriation.proposed", "appropriation", new_id, {"line": proposal.line_id})
                for new_id, proposal in zip(ids, proposals, strict=True)
            ],
        )
        return ids


async def decide_appropriations(principal: Principal, decisions: Sequence[Decision]) -> None:
    """Approve, which moves the line, or refuse with a reason; the proposer never decides."""
    scope = principal.scope(Permission.BUDGET_APPROVE)
    if any(not decision.approve and not decision.reason.strip() for decision in decisions):
        raise InvalidInput({"reason": Message(N_("请写明退回的理由。"))})
    async with transaction():
        waiting = await _lock_proposals({decision.appropriation_id for decision in decisions})
        for row in waiting.values():
            scope.require_place(row["place_code"])
            if row["status"] != "proposed":
                raise AlreadyDecided
            if row["proposed_by"] == principal.actor:
                raise OnePersonOnMoney
        await _write_decisions(principal.actor, decisions, clock.now())
        granted = [waiting[decision.appropriation_id] for decision in decisions if decision.approve]
        await post_movements(
            principal,
            [
                rules.appropriate(row["budget_line_id"], row["amount_fen"], MoneySource("appropriation", row["id"]))
                for row in granted
            ],
        )
        await audit.record_many(
            principal,
            [
                Entry(
                    "appropriation.approved" if decision.approve else "appropriation.refused",
                    "appropriation",
                    decision.appropriation_id,
                    {"line": waiting[decision.appropriation_id]["budget_line_id"]},
                )
                for decision in decisions
            ],
        )


def _refuse_incomplete(proposals: Sequence[Proposal]) -> None:
    for proposal in proposals:
        fields = {}
        if not proposal.amount_fen:
            fields["amount"] = Message(N_("金额不能为零；调减请填负数。"))
        if not proposal.document.strip():
            fields["document"] = Message(N_("请填写下达预算的文号。"))
        if fields:
            raise InvalidInput(fields)


async def _require_lines(scope: Scope, line_ids: set[int]) -> None:
    rows = await database.fetch(
        "SELECT place.code FROM budget_line l JOIN place ON place.id = l.place_id WHERE l.id = ANY($1)",
        list(line_ids),
    )
    if len(rows) < len(line_ids):
        raise NotFound
    for row in rows:
        scope.require_place(row["code"])


async def _lock_proposals(ids: set[int]) -> dict[int, Row]:
    rows = await database.fetch(
        """SELECT a.id, a.budget_line_id, a.amount_fen, a.status, a.proposed_by, place.code AS place_code
           FROM appropriation a JOIN budget_line l ON l.id = a.budget_line_id JOIN place ON place.id = l.place_id
           WHERE a.id = ANY($1) ORDER BY a.id FOR NO KEY UPDATE OF a""",
        list(ids),
    )
    if len(rows) < len(ids):
        raise NotFound
    return {row["id"]: row for row in rows}


async def _write_decisions(actor: int, decisions: Sequence[Decision], at: datetime) -> None:
    await database.execute(
        """UPDATE appropriation SET status = d.status, reason = d.reason, decided_by = $4, decided_at = $5
           FROM unnest($1::bigint[], $2::text[], $3::text[]) AS d (id, status, reason)
           WHERE appropriation.id = d.id""",
        [decision.appropriation_id for decision in decisions],
        ["approved" if decision.approve else "refused" for decision in decisions],
        [decision.reason.strip() for decision in decisions],
        actor,
        at,
    )


_OPEN = """
INSERT INTO budget_line (programme_id, place_id, year, functional_code, economic_code, fund)
SELECT programme.id, place.id, d.year, d.functional_code, d.economic_code, programme.fund
FROM unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[])
     WITH ORDINALITY AS d (programme, place_code, year, functional_code, economic_code, place_in_list)
JOIN programme ON programme.code = d.programme JOIN place ON place.code = d.place_code
ORDER BY d.place_in_list
RETURNING id, year, (SELECT code FROM programme WHERE programme.id = programme_id) AS code,
          (SELECT code FROM place WHERE place.id = place_id) AS place_code
"""
_PROPOSE = """
INSERT INTO appropriation (budget_line_id, amount_fen, document, fund, status, proposed_by, proposed_at)
SELECT d.line_id, d.amount_fen, d.document, coalesce(d.fund, line.fund), 'proposed', $5, $6
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[])
     WITH ORDINALITY AS d (line_id, amount_fen, document, fund, place_in_list)
JOIN budget_line line ON line.id = d.line_id
ORDER BY d.place_in_list
RETURNING id
"""
