"""What of contracts' changes waits for the person who signs in: a signature, an approval, a publication."""

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting

_PROVIDER, _APPROVER = N_("服务机构签署后，由采购人的另一人审批。"), N_("提出的人不能审批。")
_NEED = Tag("need", N_("等你处理"))
_ANSWER = N_("服务机构提出，请先答复；同意以后由另一人决定。")
# $1 the account, $2 organizations signed for, $3 places approved for, $4 today, $5 places signed for.
_WAITING = """
SELECT 'amendment' AS kind, c.reference, a.number, a.status FROM contract_amendment a
JOIN contract c ON c.id = a.contract_id JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
WHERE a.status = 'proposed' AND c.organization_id = ANY($2)
   OR a.status = 'agreed' AND a.proposed_by <> $1 AND a.signed_by_provider <> $1 AND place.code LIKE ANY($3)
UNION ALL
SELECT 'termination', c.reference, 0, 'answer' FROM contract_termination t
JOIN contract c ON c.id = t.contract_id JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
WHERE t.status = 'proposed' AND t.proposed_for = 'provider' AND place.code LIKE ANY($5)
UNION ALL
SELECT 'termination', c.reference, 0, t.status FROM contract_termination t
JOIN contract c ON c.id = t.contract_id JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
WHERE t.status = 'proposed' AND t.proposed_for = 'buyer' AND t.ground = 'agreement' AND c.organization_id = ANY($2)
   OR (t.status = 'agreed' OR t.status = 'proposed' AND t.proposed_for = 'buyer' AND t.ground <> 'agreement')
      AND (t.cure_by IS NULL OR t.cure_by < $4)
      AND t.proposed_by <> $1 AND t.signed_by_provider IS DISTINCT FROM $1
      AND t.answered_by_buyer IS DISTINCT FROM $1 AND place.code LIKE ANY($3)
ORDER BY kind, reference LIMIT 50
"""
_TITLES = {
    "amendment": N_("合同%(reference)s的补充协议等你处理"),
    "termination": N_("合同%(reference)s的解除等你处理"),
}


async def waiting_about_contracts(principal: Principal) -> list[Waiting]:
    """Return one row for each change that waits for this person."""
    signs, approves = (principal.scopes.get(one) for one in (Permission.CONTRACT_SIGN, Permission.PURCHASE_APPROVE))
    if signs is None and approves is None:
        return []
    rows = await database.fetch(
        _WAITING,
        principal.account_id,
        list(signs.organization_ids) if signs else [],
        approves.like_patterns() if approves else [],
        clock.today(),
        signs.like_patterns() if signs else [],
    )
    return [
        Waiting(
            _NEED,
            Message(_TITLES[row["kind"]], {"reference": row["reference"]}),
            _said(row["kind"], row["status"]),
            Action(N_("去处理"), _path(row["kind"], row["reference"], row["number"])),
        )
        for row in rows
    ]


def _said(kind: str, status: str) -> str:
    if status == "answer":
        return _ANSWER
    return _PROVIDER if status == "proposed" and kind == "amendment" else _APPROVER


def _path(kind: str, reference: str, number: int) -> str:
    return f"/contracts/{reference}/" + (f"amendments/{number}" if kind == "amendment" else "termination")
