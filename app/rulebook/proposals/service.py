"""Proposing a figure, and confirming or refusing it by a second person."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.rulebook.proposals import rules
from app.rulebook.proposals.rules import (
    TRANSITIONS,
    Held,
    OwnProposal,
    ProposalEvent,
    ProposalOpen,
    ProposalStatus,
    Replacement,
    RuleOverlaps,
)

_REFUSALS: dict[str, type[DomainError]] = {
    "law_rule_one_at_a_time": RuleOverlaps,
    "law_rule_proposal_second_person": OwnProposal,
    "law_rule_second_person": OwnProposal,
}
_SAID = ("value", "document", "article", "effective_from", "note_zh", "note_en")


async def propose_figure(principal: Principal, rule_id: int, new: Replacement) -> int:
    """Propose what shall hold from a day on; nothing changes until another person confirms it."""
    principal.scope(Permission.RULEBOOK_CONFIRM)
    if wrong := rules.faults(new):
        raise InvalidInput(wrong)
    async with database.refusing({"law_rule_proposal_open": ProposalOpen}), database.transaction():
        row = await locked_rule(rule_id)
        _refuse_start(row, new)
        proposal_id = await database.insert_row(
            "law_rule_proposal",
            {
                "law_rule_id": rule_id,
                "value": new.value,
                "document": new.document.strip(),
                "article": new.article.strip(),
                "effective_from": new.effective_from,
                "note_zh": new.note_zh.strip(),
                "note_en": new.note_en.strip(),
                "status": ProposalStatus.PROPOSED.value,
                "proposed_by": principal.actor,
                "proposed_at": clock.now(),
            },
        )
        await audit.record(
            *(principal, "rule.proposed", "law_rule", rule_id), rule=row["rule_key"], value=str(new.value)
        )
        return proposal_id


async def confirm_proposal(principal: Principal, rule_id: int) -> int:
    """Let the proposed figure of a row hold from its day on; return the row in which it stands.

    Matters of earlier days keep theirs. What nobody had confirmed is set right in its own row.
    """
    async with database.refusing(_REFUSALS), database.transaction():
        row, proposal = await _locked(principal, rule_id)
        new = Replacement(*(proposal[name] for name in _SAID))
        await _decide(principal, proposal, ProposalEvent.CONFIRM, "")
        _refuse_start(row, new)
        written = {
            **{name: proposal[name] for name in ("value", "document", "article")},
            "note_zh": new.note_zh or row["note_zh"],
            "note_en": new.note_en or row["note_en"],
            "entered_by": proposal["proposed_by"],
            "verified_by": principal.actor,
            "verified_at": clock.now(),
        }
        new_id = await _written(row, new, written)
        await audit.record(
            *(principal, "rule.superseded", "law_rule", new_id),
            rule=row["rule_key"], value=str(new.value), previous=rule_id,
        )  # fmt: skip
        return new_id


async def refuse_proposal(principal: Principal, rule_id: int, reason: str) -> None:
    """Turn a proposed figure down, with the reason."""
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明退回的理由。"))})
    async with database.refusing(_REFUSALS), database.transaction():
        row, proposal = await _locked(principal, rule_id)
        await _decide(principal, proposal, ProposalEvent.REFUSE, reason.strip())
        await audit.record(principal, "rule.proposal_refused", "law_rule", rule_id, rule=row["rule_key"])


async def locked_rule(rule_id: int) -> Row:
    """Lock a row of the rulebook and return it."""
    row = await database.fetch_one("SELECT * FROM law_rule WHERE id = $1 FOR NO KEY UPDATE", rule_id)
    if row is None:
        raise NotFound
    return row


async def _locked(principal: Principal, rule_id: int) -> tuple[Row, Row]:
    principal.scope(Permission.RULEBOOK_CONFIRM)
    row = await locked_rule(rule_id)
    proposal = await database.fetch_one(
        "SELECT * FROM law_rule_proposal WHERE law_rule_id = $1 AND status = 'proposed' FOR NO KEY UPDATE", rule_id
    )
    if proposal is None:
        raise NotFound
    if proposal["proposed_by"] == principal.actor:
        raise OwnProposal
    return row, proposal


async def _decide(principal: Principal, proposal: Row, event: ProposalEvent, reason: str) -> None:
    status = advance(TRANSITIONS, ProposalStatus(proposal["status"]), event)
    decision = {"status": status.value, "decided_by": principal.actor, "decided_at": clock.now(), "reason": reason}
    await database.update_row("law_rule_proposal", proposal["id"], decision)


def _held(row: Row) -> Held:
    return Held(row["effective_from"], row["effective_to"], row["verified_by"] is not None)


def _refuse_start(row: Row, new: Replacement) -> None:
    if wrong := rules.start_faults(_held(row), new.effective_from):
        raise InvalidInput(wrong)
    if row["effective_to"] is not None and row["effective_to"] <= new.effective_from:
        raise RuleOverlaps


async def _written(row: Row, new: Replacement, written: Row) -> int:
    if rules.corrects(_held(row), new.effective_from):
        await database.update_row("law_rule", row["id"], written)
        return int(row["id"])
    await database.update_row("law_rule", row["id"], {"effective_to": new.effective_from})
    kept = {name: row[name] for name in ("rule_key", "unit", "jurisdiction", "effective_to")}
    followed = {**kept, **written, "effective_from": new.effective_from, "text_read": True}
    return await database.insert_row("law_rule", followed)
