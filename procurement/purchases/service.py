"""Asking for a purchase, deciding it by another person, taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.audit import Entry
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement.blocks import require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, Pot, release, reserve
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus, Term
from procurement.purchases import guards, rules
from procurement.purchases.approvals import chain
from procurement.purchases.challenges import HELD
from procurement.purchases.rules import Method, PurchaseEvent, PurchaseStatus
from procurement.separation import OnePerson


@dataclass(frozen=True, slots=True)
class PurchaseRequest:
    """How many units of an admitted product a place wants, and from which budget line."""

    admission_id: int
    budget_line_id: int
    place_code: str
    quantity: int
    purpose_zh: str


@dataclass(frozen=True, slots=True)
class PurchaseDecision:
    """An approver's word on one purchase; a refusal says why."""

    purchase_id: int
    approve: bool
    reason: str = ""
    minutes: str = ""  # the number of the meeting's minutes, where the step is the meeting's
    step: int | None = None  # the step that the person had before their eyes


async def request_purchases(principal: Principal, requests: Sequence[PurchaseRequest]) -> list[int]:
    """Write purchases and reserve their money, all or none; return their ids in the order given.

    The intent needs no notice of its own: framework call-offs are exempt (财库〔2020〕10号 †).
    """
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    for request in requests:
        scope.require_place(request.place_code)
        _refuse_incomplete(request)
    today = clock.today()
    async with transaction():
        # Nobody is removed from the framework while somebody buys from them.
        await database.fetch(
            "SELECT id FROM admission WHERE id = ANY($1) ORDER BY id FOR SHARE",
            [request.admission_id for request in requests],
        )
        offers = await database.fetch(_OFFERED, *database.columns([_key(request) for request in requests], 3))
        if len(offers) < len(requests):
            raise NotFound
        for row, request in zip(offers, requests, strict=True):
            money = guards.Money(row["programme"], row["line_place"], row["year"])
            require(guards.request_blocks(offer_of(row), money, request.place_code, today))
        status = rules.after(Method.CALL_OFF, PurchaseStatus.INTENT, PurchaseEvent.RESERVE)
        ids = await _insert(principal.actor, requests, status)
        await post_movements(
            principal,
            [
                reserve(request.budget_line_id, request.quantity * row["rate_fen"], MoneySource("purchase", new_id))
                for new_id, request, row in zip(ids, requests, offers, strict=True)
            ],
        )
        await audit.record_many(
            principal,
            [
                Entry("purchase.requested", "purchase", new_id, {"admission": request.admission_id})
                for new_id, request in zip(ids, requests, strict=True)
            ],
        )
        return ids


async def decide_purchases(principal: Principal, decisions: Sequence[PurchaseDecision]) -> None:
    """Take the next step of any number of purchases, all or none; who asked takes none of them (采购法 §61).

    A purchase is approved with the last step of its chain and refused with any: its money is free again.
    """
    scope = principal.scope(Permission.PURCHASE_APPROVE)
    if any(not decision.approve and not decision.reason.strip() for decision in decisions):
        raise InvalidInput({"reason": Message(N_("请写明不批准的理由。"))})
    today = clock.today()
    async with transaction():
        rows = await lock_purchases([decision.purchase_id for decision in decisions])
        outcomes: dict[int, PurchaseStatus] = {}
        for decision in decisions:
            row = rows[decision.purchase_id]
            scope.require_place(row["place_code"])
            event = PurchaseEvent.APPROVE if decision.approve else PurchaseEvent.REFUSE
            outcomes[row["id"]] = after(row, event)
            if row["requested_by"] == principal.actor:
                raise OnePerson
            if decision.approve:
                require(guards.offer_blocks(offer_of(row), today))
        ended = await chain.take_steps(principal, decisions)
        final = [decision for decision in decisions if decision.purchase_id in ended]
        async with database.refusing({"purchase_approved_by_another": OnePerson}):
            await _write_decisions(principal.actor, final, outcomes)
        await release_reservations(principal, [rows[one.purchase_id] for one in final if not one.approve])
        await record(principal, {one.purchase_id: outcomes[one.purchase_id] for one in final})
        await notify_many([_notice(rows[one.purchase_id], one) for one in final])


async def cancel_purchase(principal: Principal, purchase_id: int, reason: str) -> None:
    """Take a purchase back before its contract binds; the money is free again."""
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明取消的理由。"))})
    async with transaction():
        row = (await lock_purchases([purchase_id]))[purchase_id]
        scope.require_place(row["place_code"])
        await cancel(principal, row, reason.strip())


async def lock_purchases(ids: Sequence[int]) -> dict[int, Row]:
    """Lock purchases in id order and return them with what their offer says today."""
    rows = {row["id"]: row for row in await database.fetch(_LOCKED, sorted(set(ids)))}
    if len(rows) < len(set(ids)):
        raise NotFound
    return rows


async def guarded_purchase(purchase_id: int) -> Row:
    """Return what the guards look at in one purchase, for a page that asks beforehand."""
    row = await database.fetch_one(f"{_GUARDED} WHERE p.id = $1", purchase_id)
    if row is None:
        raise NotFound
    return row


def after(row: Row, event: PurchaseEvent) -> PurchaseStatus:
    """Return where an event leads a locked purchase."""
    return rules.after(Method(row["method"]), PurchaseStatus(row["status"]), event)


def offer_of(row: Row) -> guards.Offer:
    """Return what the guards look at, from a row of either query below."""
    admitted = None
    if row["admission_status"] is not None:
        term = Term(row["starts_on"], row["ends_on"])
        admission, framework = AdmissionStatus(row["admission_status"]), FrameworkStatus(row["framework_status"])
        admitted = guards.Admitted(admission, framework, term, row["framework_place"])
    return guards.Offer(
        row["organization_status"] == "verified", row["product_status"] == "listed", tuple(row["areas"]), admitted
    )


async def cancel(principal: Principal, row: Row, reason: str) -> None:
    """End a locked purchase without a contract and release what it reserved."""
    status = after(row, PurchaseEvent.CANCEL)
    await database.update_row("purchase", row["id"], {"status": status.value, "refusal_reason": reason})
    await release_reservations(principal, [row])
    await record(principal, {row["id"]: status})


async def release_reservations(principal: Principal, rows: Sequence[Row]) -> None:
    """Free the money of purchases that will not be made."""
    await post_movements(
        principal,
        [
            release(row["budget_line_id"], row["amount_fen"], MoneySource("purchase", row["id"]), Pot.RESERVED)
            for row in rows
            if PurchaseStatus(row["status"]) in rules.HOLDS_RESERVATION
        ],
    )


async def move(principal: Principal, statuses: Mapping[int, PurchaseStatus]) -> None:
    """Write where locked purchases have come to."""
    async with database.refusing(HELD):
        await database.execute(
            """UPDATE purchase SET status = d.status FROM unnest($1::bigint[], $2::text[]) AS d (id, status)
               WHERE purchase.id = d.id""",
            list(statuses),
            [status.value for status in statuses.values()],
        )
    await record(principal, statuses)


async def record(principal: Principal, statuses: Mapping[int, PurchaseStatus]) -> None:
    """Write an audit event for each purchase that moved."""
    await audit.record_many(
        principal, [Entry(f"purchase.{to.value}", "purchase", purchase_id, {}) for purchase_id, to in statuses.items()]
    )


def _notice(row: Row, decision: PurchaseDecision) -> Notice:
    approved, refused = N_("采购%(reference)s已批准，请在30日内签约。"), N_("采购%(reference)s未批准：%(reason)s")
    detail = {"reference": row["reference"], "reason": decision.reason.strip()}
    return Notice(
        row["requested_by"],
        approved if decision.approve else refused,
        detail,
        link=f"/buying/purchases/{row['reference']}",
    )


def _refuse_incomplete(request: PurchaseRequest) -> None:
    fields = {}
    if request.quantity < 1:
        fields["quantity"] = Message(N_("数量至少为1。"))
    if not request.purpose_zh.strip():
        fields["purpose_zh"] = Message(N_("请写明用途。"))
    if fields:
        raise InvalidInput(fields)


def _key(request: PurchaseRequest) -> tuple[int, int, str]:
    return request.admission_id, request.budget_line_id, request.place_code


async def _insert(actor: int, requests: Sequence[PurchaseRequest], status: PurchaseStatus) -> list[int]:
    rows = [(*_key(request), request.quantity, request.purpose_zh.strip()) for request in requests]
    inserted = await database.fetch(_INSERT, *database.columns(rows, 5), status.value, actor, clock.now())
    # Identity values rise in the order of insertion, which is that of the requests.
    return sorted(row["id"] for row in inserted)


async def _write_decisions(
    actor: int, decisions: Sequence[PurchaseDecision], outcomes: Mapping[int, PurchaseStatus]
) -> None:
    rows = [(one.purchase_id, outcomes[one.purchase_id].value, one.reason.strip()) for one in decisions]
    await database.execute(
        """UPDATE purchase SET status = d.status, refusal_reason = d.reason,
                  approved_by = CASE WHEN d.status = 'approved' THEN $4::bigint END,
                  approved_at = CASE WHEN d.status = 'approved' THEN $5::timestamptz END
           FROM unnest($1::bigint[], $2::text[], $3::text[]) AS d (id, status, reason) WHERE purchase.id = d.id""",
        *database.columns(rows, 3),
        actor,
        clock.now(),
    )


_OFFER = """
    a.status AS admission_status, a.rate_fen, f.status AS framework_status, f.starts_on, f.ends_on,
    framework_place.code AS framework_place, organization.status AS organization_status,
    product.status AS product_status,
    ARRAY(SELECT area.code FROM product_area pa JOIN place area ON area.id = pa.place_id
          WHERE pa.product_id = bought.product_id AND pa.product_version = bought.product_version) AS areas
"""
_FRAMEWORK = """
LEFT JOIN framework f ON f.id = a.framework_id LEFT JOIN place framework_place ON framework_place.id = f.place_id
"""
_OFFERED = f"""
SELECT {_OFFER}, programme.code AS programme, line.year, line_place.code AS line_place
FROM unnest($1::bigint[], $2::bigint[], $3::text[])
     WITH ORDINALITY AS d (admission_id, line_id, place_code, place_in_list)
JOIN place ON place.code = d.place_code JOIN admission a ON a.id = d.admission_id {_FRAMEWORK}
JOIN admission bought ON bought.id = a.id
JOIN organization ON organization.id = a.organization_id JOIN product ON product.id = a.product_id
JOIN budget_line line ON line.id = d.line_id JOIN place line_place ON line_place.id = line.place_id
JOIN programme ON programme.id = line.programme_id
ORDER BY d.place_in_list
"""
_GUARDED = f"""
SELECT p.id, p.reference, p.method, p.status, p.budget_line_id, p.quantity, p.unit_price_fen, p.amount_fen,
       p.requested_by, p.requested_at, p.approved_by, p.approved_at, p.admission_id, p.organization_id,
       place.code AS place_code, {_OFFER}
FROM purchase p JOIN place ON place.id = p.place_id LEFT JOIN admission a ON a.id = p.admission_id {_FRAMEWORK}
JOIN purchase bought ON bought.id = p.id
LEFT JOIN organization ON organization.id = p.organization_id LEFT JOIN product ON product.id = p.product_id
"""
_LOCKED = f"{_GUARDED} WHERE p.id = ANY($1) ORDER BY p.id FOR NO KEY UPDATE OF p"
_INSERT = """
INSERT INTO purchase (method, status, admission_id, budget_line_id, place_id, purpose_zh, quantity, unit_price_fen,
                      amount_fen, requested_by, requested_at, organization_id, product_id, product_version)
SELECT 'call_off', $6, a.id, d.line_id, place.id, d.purpose, d.quantity, a.rate_fen, d.quantity * a.rate_fen, $7, $8,
       a.organization_id, a.product_id, a.product_version
FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::integer[], $5::text[])
     WITH ORDINALITY AS d (admission_id, line_id, place_code, quantity, purpose, place_in_list)
JOIN admission a ON a.id = d.admission_id JOIN place ON place.code = d.place_code
ORDER BY d.place_in_list RETURNING id
"""
