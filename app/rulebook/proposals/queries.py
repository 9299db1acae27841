"""Reading proposals: the open one of a row, and what waits for a second person."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from app.core import database
from app.core.access import Permission, Principal
from app.core.text import N_, Message, Words
from app.rulebook.proposals.rules import ProposalStatus
from app.web.components import Action, Tag, Waiting


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposed figure as the row's page shows it."""

    value: Decimal
    document: str
    article: str
    effective_from: date
    note_zh: str
    note_en: str
    status: ProposalStatus
    proposed_by: int
    proposer: str
    proposed_at: datetime
    decider: str
    reason: str


async def proposals_of(rule_id: int) -> list[ProposalView]:
    """Return what was proposed about a row, the newest first."""
    rows = await database.fetch(
        """SELECT p.value, p.document, p.article, p.effective_from, p.note_zh, p.note_en, p.status, p.proposed_by,
                  proposer.display_name AS proposer, p.proposed_at, coalesce(decider.display_name, '') AS decider,
                  p.reason
           FROM law_rule_proposal p JOIN account proposer ON proposer.id = p.proposed_by
           LEFT JOIN account decider ON decider.id = p.decided_by WHERE p.law_rule_id = $1 ORDER BY p.id DESC""",
        rule_id,
    )
    return [ProposalView(**{**row, "status": ProposalStatus(row["status"])}) for row in rows]


async def proposals_to_confirm(principal: Principal) -> list[Waiting]:
    """Return the figures that somebody else proposed and this person may confirm."""
    if Permission.RULEBOOK_CONFIRM not in principal.scopes:
        return []
    rows = await database.fetch(
        """SELECT r.id, r.note_zh, r.note_en, r.rule_key, p.document, p.article FROM law_rule_proposal p
           JOIN law_rule r ON r.id = p.law_rule_id WHERE p.status = 'proposed' AND p.proposed_by <> $1
           ORDER BY p.id LIMIT 20""",
        principal.account_id,
    )
    return [
        Waiting(
            Tag("need", N_("等你处理")),
            Message(
                N_("“%(rule)s”有新数值等你确认"), {"rule": Words(row["note_zh"] or row["rule_key"], row["note_en"])}
            ),
            f"{row['document']} {row['article']}",
            Action(N_("去核对"), f"/rulebook/{row['id']}"),
        )
        for row in rows
    ]
