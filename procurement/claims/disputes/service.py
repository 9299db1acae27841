"""Raising and answering disputes."""

from app.core import audit, calendar, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from procurement import law
from procurement.claims.cases.rules import WorthOfGrade
from procurement.claims.disputes import rules
from procurement.claims.disputes.rules import TRANSITIONS, DisputeEvent, DisputeStatus
from procurement.claims.queries import is_own
from procurement.claims.rules import TRANSITIONS as CLAIM_TRANSITIONS
from procurement.claims.rules import ClaimEvent, ClaimStatus

_CLAIM = """
SELECT c.id, c.status, c.organization_id, c.judged_by, place.code AS place_code, p.account_id AS payee_account
FROM claim c JOIN place ON place.id = c.place_id LEFT JOIN person p ON p.id = c.person_id
WHERE c.reference = $1 AND c.contract_id IS NULL FOR NO KEY UPDATE OF c
"""
_OPEN = """
SELECT d.id, d.status, d.judge_id, d.raised_by FROM claim_dispute d
WHERE d.claim_id = $1 AND d.status = 'open' FOR NO KEY UPDATE
"""
WRITTEN = 500


async def raise_dispute(principal: Principal, reference: str, text: str) -> None:
    """Object to how one's own claim was judged or priced; it is answered within the clock, by another person."""
    principal.scope(Permission.CLAIM_SELF)
    said = _said(text, "text")
    async with transaction():
        claim = await database.fetch_one(_CLAIM, reference)
        if claim is None or not is_own(principal, claim["payee_account"], claim["organization_id"]):
            raise NotFound
        if ClaimStatus(claim["status"]) not in rules.DISPUTABLE:
            raise rules.NotDisputable
        figure, days = await law.figure_and_days(law.DISPUTE, clock.today(), claim["place_code"])
        values = {
            "claim_id": claim["id"], "raised_by": principal.actor, "raised_at": clock.now(), "text_zh": said,
            "judge_id": claim["judged_by"], "status": DisputeStatus.OPEN.value,
            "due_on": calendar.deadline(days, clock.today(), figure.value, figure.unit),
        }  # fmt: skip
        made = await database.insert_once("claim_dispute", values, ("claim_id",), "status = 'open'")
        if made is None:
            raise rules.AlreadyDisputed
        await audit.record(principal, "claim.disputed", "claim", claim["id"])


async def answer_dispute(principal: Principal, reference: str, event: DisputeEvent, text: str) -> None:
    """Answer an objection; upholding it takes a rejected or returned claim up again."""
    scope = principal.scope(Permission.CLAIM_APPROVE)
    said = _said(text, "answer")
    async with database.refusing({"case_worth_its_grade": WorthOfGrade}), transaction():
        claim = await database.fetch_one(_CLAIM, reference)
        if claim is None or not scope.covers_place(claim["place_code"]):
            raise NotFound
        dispute = await database.fetch_one(_OPEN, claim["id"])
        if dispute is None:
            raise NotFound
        if principal.account_id in (dispute["judge_id"], dispute["raised_by"]):
            raise rules.JudgeAnswers
        status = advance(TRANSITIONS, DisputeStatus(dispute["status"]), event)
        values = {
            "status": status.value, "answered_by": principal.actor, "answered_at": clock.now(), "answer_zh": said,
        }  # fmt: skip
        await database.update_row("claim_dispute", dispute["id"], values)
        if status is DisputeStatus.UPHELD:
            await _take_up(principal, claim)
        await audit.record(principal, f"claim.dispute_{status.value}", "claim", claim["id"])


async def _take_up(principal: Principal, claim: Row) -> None:
    current = ClaimStatus(claim["status"])
    event = {ClaimStatus.REJECTED: ClaimEvent.REOPEN, ClaimStatus.RETURNED: ClaimEvent.RESUBMIT}.get(current)
    if event is None:
        return
    status = advance(CLAIM_TRANSITIONS, current, event)
    values = {"status": status.value, "reason": "", "judged_by": principal.actor}
    await database.update_row("claim", claim["id"], values)


def _said(text: str, name: str) -> str:
    said = text.strip()
    if not said or len(said) > WRITTEN:
        raise InvalidInput({name: Message(N_("请写明理由，500 字以内。"))})
    return said
