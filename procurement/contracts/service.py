"""Contracts: offered with the buyer's signature, binding from the provider's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.core import audit, calendar, clock, database
from app.core.access import Permission, Principal
from app.core.audit import Entry
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from procurement import law
from procurement.blocks import require
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import MoneySource, commit
from procurement.contracts import rules
from procurement.contracts.requirements.service import keep_lines
from procurement.contracts.rules import Limits, Offered
from procurement.contracts.text import Terms, contract_text, text_sha256
from procurement.payments import terms as payments
from procurement.payments.clauses import payment_clause
from procurement.payments.rules import PaymentTerms
from procurement.purchases import guards
from procurement.purchases import service as purchases
from procurement.purchases.approvals.rules import ApproverSigns
from procurement.purchases.challenges import HELD, days_held
from procurement.purchases.rules import PurchaseEvent
from procurement.separation import OnePerson


@dataclass(frozen=True, slots=True)
class ContractOffer:
    """The term on which an approved purchase becomes a contract."""

    purchase_id: int
    starts_on: date
    ends_on: date
    terms: PaymentTerms = PaymentTerms()


async def offer_contracts(principal: Principal, offers: Sequence[ContractOffer]) -> list[int]:
    """Sign for the buyer and offer the contracts to their providers, all or none; return their ids in order."""
    scope = principal.scope(Permission.CONTRACT_SIGN)
    today = clock.today()
    async with transaction():
        rows = await purchases.lock_purchases([offer.purchase_id for offer in offers])
        limits = await _limits(rows, today)
        last_days = await _last_days(rows, limits)
        moved = {}
        for offer in offers:
            row = rows[offer.purchase_id]
            scope.require_place(row["place_code"])
            moved[row["id"]] = purchases.after(row, PurchaseEvent.ORDER)
            require(guards.offer_blocks(purchases.offer_of(row), today))
            offered = Offered(offer.starts_on, offer.ends_on)
            require(rules.offer_blocks(offered, last_days[row["id"]], limits[row["place_code"]], today))
        await payments.require_terms([(one.terms, rows[one.purchase_id]["place_code"]) for one in offers], today)
        terms = await _terms(offers)
        ids = await _insert(principal.actor, offers, terms, clock.now())
        await payments.write_terms(ids, [offer.terms for offer in offers])
        await purchases.move(principal, moved)
        await audit.record_many(principal, [Entry("contract.offered", "contract", new_id, {}) for new_id in ids])
        return ids


async def sign_contracts(principal: Principal, contract_ids: Sequence[int]) -> None:
    """Sign for the provider, all or none: the contracts bind, and what was reserved for them is committed."""
    scope = principal.scope(Permission.CONTRACT_SIGN)
    today, now = clock.today(), clock.now()
    async with transaction():
        contracts = await lock_contracts(contract_ids)
        rows = await purchases.lock_purchases([row["purchase_id"] for row in contracts])
        limits = await _limits(rows, today)
        last_days = await _last_days(rows, limits)
        moved = {}
        for contract in contracts:
            row = rows[contract["purchase_id"]]
            scope.require_organization(contract["organization_id"])
            moved[row["id"]] = purchases.after(row, PurchaseEvent.CONTRACT)
            require(rules.signing_blocks(last_days[row["id"]], limits[row["place_code"]].signing, today))
        refusals: dict[str, type[DomainError]] = {
            "contract_two_parties": OnePerson,
            "contract_signed_by_no_approver": ApproverSigns,
            **HELD,
        }
        async with database.refusing(refusals):
            await database.execute(
                "UPDATE contract SET signed_by_provider = $2, signed_at = $3 WHERE id = ANY($1)",
                list(contract_ids),
                principal.actor,
                now,
            )
        await keep_lines(contract_ids)
        await purchases.move(principal, moved)
        await post_movements(
            principal,
            [
                commit(row["budget_line_id"], row["amount_fen"], MoneySource("purchase", row["id"]))
                for row in rows.values()
            ],
        )
        await audit.record_many(principal, [Entry("contract.signed", "contract", row["id"], {}) for row in contracts])


async def decline_contract(principal: Principal, contract_id: int, reason: str) -> None:
    """Turn an offered contract down for the provider; the purchase is cancelled and its money free again.

    A supplier that keeps refusing orders may be removed from the framework (令110 §19).
    """
    scope = principal.scope(Permission.CONTRACT_SIGN)
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明不能签约的理由。"))})
    async with transaction():
        [contract] = await lock_contracts([contract_id])
        scope.require_organization(contract["organization_id"])
        row = (await purchases.lock_purchases([contract["purchase_id"]]))[contract["purchase_id"]]
        await purchases.cancel(principal, row, reason.strip())
        await audit.record(principal, "contract.declined", "contract", contract_id)


async def _limits(rows: Mapping[int, Row], today: date) -> dict[str, Limits]:
    """Return the figures of today at each place that buys."""
    return {
        code: Limits(await law.figure(law.CONTRACT_TERM, today, code), await law.figure(law.SIGNING, today, code))
        for code in sorted({row["place_code"] for row in rows.values()})
    }


async def _last_days(rows: Mapping[int, Row], limits: Mapping[str, Limits]) -> dict[int, date]:
    """Return until when each purchase's contract is signed; the time stands still while a challenge holds it."""
    days = await calendar.load_calendar()
    approved_on = {row["id"]: clock.local(row["approved_at"] or row["requested_at"]).date() for row in rows.values()}
    held = await days_held(approved_on, clock.today())
    found = {}
    for row in rows.values():
        signing, start = limits[row["place_code"]].signing, approved_on[row["id"]] + timedelta(days=held[row["id"]])
        found[row["id"]] = calendar.deadline(days, start, signing.value, signing.unit)
    return found


async def lock_contracts(contract_ids: Sequence[int]) -> list[Row]:
    """Lock purchases first, then their contracts, each in id order; return the contracts."""
    await database.fetch(
        """SELECT p.id FROM purchase p JOIN contract c ON c.purchase_id = p.id WHERE c.id = ANY($1)
           ORDER BY p.id FOR NO KEY UPDATE OF p""",
        list(contract_ids),
    )
    rows = await database.fetch(
        """SELECT id, purchase_id, organization_id, quantity, ordered, accepted, signed_at, starts_on, ends_on,
                  product_id, product_version
           FROM contract WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE""",
        list(contract_ids),
    )
    if len(rows) < len(set(contract_ids)) or not rows:
        raise NotFound
    return rows


async def _terms(offers: Sequence[ContractOffer]) -> list[dict[str, Any]]:
    rows = await database.fetch(_TERMS, [offer.purchase_id for offer in offers])
    by_purchase = {row["purchase_id"]: row for row in rows}
    return [by_purchase[offer.purchase_id] for offer in offers]


async def _insert(actor: int, offers: Sequence[ContractOffer], terms: Sequence[Row], now: datetime) -> list[int]:
    rows = []
    for offer, row in zip(offers, terms, strict=True):
        written = {name: row[name] for name in Terms.__dataclass_fields__ if name in row}
        clause = payment_clause(offer.terms, row["quantity"] * row["unit_price_fen"])
        text = contract_text(Terms(**written, starts_on=offer.starts_on, ends_on=offer.ends_on, payment=clause))
        rows.append(
            (row["reference"], row["purchase_id"], row["organization_id"], row["product_id"], row["version"],
             row["quantity"], row["unit_price_fen"], offer.starts_on, offer.ends_on, text, text_sha256(text))
        )  # fmt: skip
    async with database.refusing({"contract_signed_by_no_approver": ApproverSigns}):
        inserted = await database.fetch(_INSERT, *database.columns(rows, 11), actor, now)
    # Identity values rise in the order of insertion, which is that of the offers.
    return sorted(row["id"] for row in inserted)


_TERMS = """
SELECT p.id AS purchase_id, next_reference('ht') AS reference, p.reference AS purchase, p.method,
       coalesce(f.reference, '') AS framework,
       line_place.name_zh AS buyer, o.id AS organization_id, o.name_zh AS provider, o.uscc, product.id AS product_id,
       product.reference AS product, v.number AS version, v.title_zh AS title, v.content_zh AS content,
       v.standard_zh AS standard, v.staffing_zh AS staffing, v.process_zh AS process, v.target_group, v.unit,
       v.minutes, p.quantity, p.unit_price_fen
FROM purchase p
LEFT JOIN admission a ON a.id = p.admission_id LEFT JOIN framework f ON f.id = a.framework_id
JOIN organization o ON o.id = p.organization_id JOIN product ON product.id = p.product_id
JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
JOIN budget_line line ON line.id = p.budget_line_id JOIN place line_place ON line_place.id = line.place_id
WHERE p.id = ANY($1) ORDER BY p.id
"""
_INSERT = """
INSERT INTO contract (reference, purchase_id, organization_id, product_id, product_version, quantity, unit_price_fen,
                      starts_on, ends_on, body_zh, text_sha256, signed_by_buyer, offered_at)
SELECT d.reference, d.purchase_id, d.organization_id, d.product_id, d.version, d.quantity, d.unit_price_fen,
       d.starts_on, d.ends_on, d.body_zh, d.text_sha256, $12, $13
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::integer[], $6::integer[], $7::bigint[],
            $8::date[], $9::date[], $10::text[], $11::bytea[])
     WITH ORDINALITY AS d (reference, purchase_id, organization_id, product_id, version, quantity, unit_price_fen,
                           starts_on, ends_on, body_zh, text_sha256, place_in_list)
ORDER BY d.place_in_list RETURNING id
"""
