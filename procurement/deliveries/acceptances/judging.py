"""Writing judgements: the lines, the signature's hash, what is to be put right and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.audit import Entry
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement import law
from procurement.blocks import require
from procurement.contracts.requirements.service import KeptLine
from procurement.deliveries.acceptances import rules
from procurement.deliveries.acceptances.rules import (
    Judged,
    Outcome,
    RectificationEvent,
    RectificationStatus,
    judged_sha256,
    line_findings,
    outcome_of,
)
from procurement.deliveries.law import RECTIFICATION
from procurement.deliveries.rules import Finding, LineFinding
from volunteers.thanks.rules import masked

_SENT_BACK = N_("“%(title)s”验收没有通过，请在 %(day)s 前整改并报告。")
_REPORTED = N_("“%(title)s”整改完成，请复验。")


@dataclass(frozen=True, slots=True)
class Judgement:
    """One order on the acceptor's desk."""

    order: Row
    lines: Sequence[KeptLine]
    finding: Finding

    @property
    def order_id(self) -> int:
        """Return whose judgement it is."""
        return int(self.order["id"])

    @property
    def outcome(self) -> Outcome:
        """Return what it leads to."""
        return outcome_of(self.finding)

    @property
    def opinion(self) -> str:
        """Return the acceptor's words as they are kept."""
        return masked(self.finding.opinion)

    def line_rows(self) -> list[tuple[int, int, bool, str]]:
        """Return what is written for each line."""
        ids = {kept.line.number: kept.id for kept in self.lines}
        findings = line_findings([kept.line for kept in self.lines], self.finding)
        return [(self.order_id, ids[one.number], one.met, "" if one.met else masked(one.words)) for one in findings]

    def sha256(self, contract: str, opinions: int, now: datetime) -> bytes:
        """Return the hash of all that was judged."""
        by_id = {kept.id: kept.line for kept in self.lines}
        lines = [
            (by_id[line_id], LineFinding(by_id[line_id].number, met, words))
            for _, line_id, met, words in self.line_rows()
        ]
        return judged_sha256(
            Judged(
                order=self.order["reference"],
                contract=contract,
                lines=tuple(lines),
                outcome=self.outcome,
                due_on=self.finding.rectify_by,
                people_reached=self.finding.people_reached,
                rating=self.finding.rating,
                opinion=self.opinion,
                opinions=opinions,
                judged_at=now,
            )
        )


async def write(principal: Principal, judgements: Sequence[Judgement], now: datetime) -> None:
    """Write judgements with their lines, in the current transaction of the acceptor's use case."""
    context = {row["id"]: row for row in await database.fetch(_CONTEXT, [one.order_id for one in judgements])}
    await _require_time(judgements, context, clock.local(now).date())
    rows = []
    for one in judgements:
        row = context[one.order_id]
        found = one.finding
        rows.append(
            (one.order_id, row["round"] + 1, one.outcome.value, found.people_reached, found.rating, one.opinion,
             row["opinions"], one.sha256(row["contract_reference"], row["opinions"], now))
        )  # fmt: skip
    written = await database.fetch(_INSERT, *database.columns(rows, 8), principal.actor, now)
    ids = {row["village_order_id"]: row["id"] for row in written}
    lines = [(ids[order_id], *rest) for one in judgements for order_id, *rest in one.line_rows()]
    await database.execute(_INSERT_LINES, *database.columns(lines, 4))
    await _send_back(principal, [one for one in judgements if one.outcome is Outcome.RECTIFY], ids)


async def report_put_right(principal: Principal, reference: str, report_zh: str) -> None:
    """Say for the provider that all is put right; the acceptor looks again."""
    scope = principal.scope(Permission.ORDER_ANSWER)
    if not report_zh.strip():
        raise InvalidInput({"report_zh": Message(N_("请写明改了什么。"))})
    async with transaction():
        row = await database.fetch_one(_OPEN, reference)
        if row is None:
            raise NotFound
        scope.require_organization(row["organization_id"])
        status = advance(rules.TRANSITIONS, RectificationStatus(row["status"]), RectificationEvent.REPORT)
        values = {"status": status.value, "report_zh": masked(report_zh), "reported_by": principal.actor}
        await database.update_row("rectification", row["id"], {**values, "reported_at": clock.now()})
        await audit.record(principal, "village_order.put_right", "village_order", row["order_id"])
        link = f"/orders/{reference}/acceptance"
        await notify_many([Notice(row["judged_by"], _REPORTED, {"title": row["title"]}, link=link)])


async def _require_time(judgements: Sequence[Judgement], context: dict[int, Row], today: date) -> None:
    """Refuse what the provider still puts right, and a day that is too far away."""
    for one in judgements:
        row = context[one.order_id]
        status = RectificationStatus(row["rectification"]) if row["rectification"] else None
        require(rules.waiting_blocks(row["due_on"], status, today))
    if any(one.finding.rectify_by for one in judgements):
        [latest] = await law.last_days(await law.figure(RECTIFICATION, today), [today])
        for one in judgements:
            faults = rules.rectify_faults(one.finding, today, latest)
            if faults:
                raise InvalidInput(faults)


async def _send_back(principal: Principal, judgements: Sequence[Judgement], ids: dict[int, int]) -> None:
    """Ask providers to put deliveries right; their members are told."""
    if not judgements:
        return
    rows = [(ids[one.order_id], one.order_id, one.finding.rectify_by) for one in judgements]
    await database.execute(_ASK, *database.columns(rows, 3))
    await audit.record_many(
        principal, [Entry("village_order.sent_back", "village_order", one.order_id, {}) for one in judgements]
    )
    members = await database.fetch(MEMBERS, [one.order["organization_id"] for one in judgements])
    await notify_many(
        [
            Notice(
                member["account_id"],
                _SENT_BACK,
                {"title": one.order["title"], "day": str(one.finding.rectify_by)},
                link=f"/orders/{one.order['reference']}/proofs",
            )
            for one in judgements
            for member in members
            if member["organization_id"] == one.order["organization_id"]
        ]
    )


MEMBERS = """
SELECT DISTINCT m.organization_id, m.account_id FROM membership m
WHERE m.organization_id = ANY($1) AND m.role = 'provider'
  AND m.valid_from <= now() AND (m.valid_until IS NULL OR m.valid_until > now())
"""
_CONTEXT = """
SELECT o.id, coalesce((SELECT max(j.round) FROM judgement j WHERE j.village_order_id = o.id), 0) AS round,
       (SELECT count(*) FROM shift_rating r WHERE r.assignment_id = o.assignment_id)::integer AS opinions,
       t.status AS rectification, t.due_on, c.reference AS contract_reference
FROM village_order o JOIN contract c ON c.id = o.contract_id
LEFT JOIN rectification t ON t.village_order_id = o.id AND t.status <> 'judged'
WHERE o.id = ANY($1)
"""
_INSERT = """
INSERT INTO judgement (village_order_id, round, verdict, people_reached, rating, opinion, opinions, sha256, judged_by,
                       judged_at)
SELECT d.*, $9, $10
FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::integer[],
            $8::bytea[]) AS d
RETURNING id, village_order_id
"""
_INSERT_LINES = """
INSERT INTO line_judgement (judgement_id, requirement_line_id, met, words)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::text[])
"""
_ASK = """
INSERT INTO rectification (judgement_id, village_order_id, status, due_on)
SELECT d.judgement_id, d.order_id, 'asked', d.due_on
FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS d (judgement_id, order_id, due_on)
"""
_OPEN = """
SELECT t.id, t.status, o.id AS order_id, c.organization_id, j.judged_by, v.title_zh AS title
FROM rectification t JOIN judgement j ON j.id = t.judgement_id JOIN village_order o ON o.id = t.village_order_id
JOIN contract c ON c.id = o.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
WHERE o.reference = $1 AND t.status <> 'judged' FOR NO KEY UPDATE OF t
"""
