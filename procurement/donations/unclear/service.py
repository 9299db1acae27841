"""Deciding what unclear money is: proposed with a reason, decided by a second person, posted in the same moment."""

from dataclasses import dataclass
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope, system_principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted
from app.core.state import advance
from app.core.text import N_, Message
from procurement.donations.acknowledgements.service import follow_gift
from procurement.donations.funds.queries import looks_after_all
from procurement.donations.gifts.entries import Finder
from procurement.donations.gifts.settling import settle_payment
from procurement.donations.unclear import queries
from procurement.donations.unclear.rules import (
    DECISION_TRANSITIONS,
    DecisionEvent,
    DecisionStatus,
    Outcome,
    UnclearEntry,
    clearing,
    paid,
    possible,
)
from procurement.ledger import posting
from procurement.ledger.rules import Entry
from procurement.separation import OnePersonOnMoney

PROGRAM = system_principal(Permission.DONATION_MANAGE)


class NothingUnclear(DomainError):
    """Somebody decided in the meantime, or a decision waits."""

    code, status, message = "unclear_entry_once", 409, N_("这笔款项已经有人处理，或正在等审批。请刷新页面。")


class OutcomeImpossible(DomainError):
    """Such money cannot be that."""

    code, status, message = "unclear_outcome_impossible", 409, N_("这笔款项不能这样处理。请看页面上列出的处理方式。")


class GiftDoesNotMatch(DomainError):
    """The gift is paid already, or about another amount."""

    code, status = "unclear_gift_differs", 409
    message = N_("捐赠 %(gift)s 已经付款，或金额和这笔款项不同。请改为归入基金。")


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What unclear money is said to be: a gift by its reference, a fund by its code, a voucher where it went back."""

    matter: str
    outcome: Outcome
    reason: str
    gift: str = ""
    fund: str = ""
    document: str = ""


async def propose_decision(principal: Principal, new: NewDecision) -> UUID:
    """Say what unclear money is; a second person decides unless nothing is left to move. Return the public id."""
    await _require_all(principal.scope(Permission.DONATION_MANAGE))
    _require_sound(new)
    async with database.refusing({"unclear_entry_once": NothingUnclear}), transaction():
        entries = await queries.open_entries(new.matter)
        if not entries:
            raise NothingUnclear
        if new.outcome not in possible(entries):
            raise OutcomeImpossible
        alone = new.outcome is Outcome.OFFSET
        now = clock.now()
        decision_id = await database.insert_row(
            "unclear_decision",
            {
                "outcome": new.outcome.value,
                **await _belongs(new, entries),
                "document": new.document.strip() if new.outcome is Outcome.RETURNED else "",
                "reason": new.reason.strip(),
                "status": "approved" if alone else "proposed",
                "proposed_by": principal.actor,
                "proposed_at": now,
                "decided_at": now if alone else None,
            },
        )
        await database.execute(
            "INSERT INTO unclear_decision_entry (decision_id, entry_id) SELECT $1, unnest($2::bigint[])",
            decision_id,
            [entry.id for entry in entries],
        )
        action = "unclear_decision.offset" if alone else "unclear_decision.proposed"
        await audit.record(principal, action, "unclear_decision", decision_id)
        found: UUID = await database.fetch_value("SELECT public_id FROM unclear_decision WHERE id = $1", decision_id)
        return found


async def decide(principal: Principal, public_id: UUID, *, approve: bool) -> None:
    """Approve a decision, which posts it, or decline it; who proposed it does not decide."""
    await _require_all(principal.scope(Permission.DONATION_APPROVE))
    payment_id = None
    async with database.refusing({"unclear_decision_second_person": OnePersonOnMoney}), transaction():
        row = await database.fetch_one(_DECISION, public_id)
        if row is None:
            raise NotFound
        event = DecisionEvent.APPROVE if approve else DecisionEvent.DECLINE
        after = advance(DECISION_TRANSITIONS, DecisionStatus(row["status"]), event)
        await database.update_row(
            "unclear_decision",
            row["id"],
            {"status": after.value, "decided_by": principal.actor, "decided_at": clock.now()},
        )
        if approve:
            payment_id = await _carry_out(principal, row)
        await audit.record(principal, f"unclear_decision.{after.value}", "unclear_decision", row["id"])
    if payment_id is not None:
        await _follow(payment_id)


async def _carry_out(principal: Principal, row: Row) -> str | None:
    """Post the decision; return the payment that is a gift's from now on, if it is."""
    entries = [UnclearEntry(**one) for one in await database.fetch(_ENTRIES, row["id"])]
    outcome = Outcome(row["outcome"])
    made = clearing(entries, outcome, (row["fund_id"], row["code"]) if row["fund_id"] else None)
    if made is not None:
        key = f"unclear:{row['public_id']}"
        entry = Entry(key, clock.today(), made.kind, "unclear_decision", row["id"], made.postings)
        await posting.post(principal, made.accounts, [entry])
    if outcome is not Outcome.GIFT:
        return None
    await _give(row["gift_id"], entries)
    return entries[0].payment_id


async def _give(gift_id: int, entries: list[UnclearEntry]) -> None:
    """Have the payment be the gift's, and the donor thanked."""
    gift = await database.fetch_one(f"{_GIFT} WHERE gift.id = $1 FOR NO KEY UPDATE", gift_id)
    _require_match(gift, entries)
    await database.execute(
        "UPDATE gift SET status = 'given', payment_id = $2, given_at = $3 WHERE id = $1",
        gift_id,
        entries[0].payment_id,
        entries[0].made_at,
    )
    await audit.record(PROGRAM, "gift.given", "gift", gift_id)
    await follow_gift(gift_id)


async def _follow(payment_id: str) -> None:
    """Take over what else the payment service has of the payment; what is not told now, the nightly look finds."""
    try:
        await settle_payment(payment_id, Finder.DESK)
    except DomainError:  # the decision stands, whatever the payment service answers
        return


async def _require_all(scope: Scope) -> None:
    """Refuse who looks after some funds only: nobody knows yet whose the money is."""
    if not await looks_after_all(scope.like_patterns()):
        raise NotPermitted


def _require_sound(new: NewDecision) -> None:
    faults = {}
    if not new.reason.strip():
        faults["reason"] = Message(N_("请写明理由：根据什么判断的。"))
    if new.outcome is Outcome.GIFT and not new.gift.strip():
        faults["gift"] = Message(N_("请填写捐赠编号。"))
    if new.outcome is Outcome.FUND and not new.fund:
        faults["fund"] = Message(N_("请选择基金。"))
    if new.outcome is Outcome.RETURNED and not new.document.strip():
        faults["document"] = Message(N_("请填写退回的银行凭证号。"))
    if faults:
        raise InvalidInput(faults)


async def _belongs(new: NewDecision, entries: list[UnclearEntry]) -> Row:
    """Return the gift and the fund that a decision names."""
    if new.outcome is Outcome.GIFT:
        gift = await database.fetch_one(f"{_GIFT} WHERE gift.reference = $1", new.gift.strip())
        if gift is None:
            raise InvalidInput({"gift": Message(N_("没有这个编号的捐赠。"))})
        _require_match(gift, entries)
        return {"gift_id": gift["id"], "fund_id": gift["fund_id"]}
    if new.outcome is Outcome.FUND:
        fund_id = await database.fetch_value("SELECT id FROM donation_fund WHERE code = $1", new.fund)
        if fund_id is None:
            raise InvalidInput({"fund": Message(N_("请选择基金。"))})
        return {"fund_id": fund_id}
    return {}


def _require_match(gift: Row | None, entries: list[UnclearEntry]) -> None:
    if gift is None:
        raise NotFound
    unpaid = gift["payment_id"] is None and gift["status"] != "given"
    if not unpaid or (gift["amount_minor"], gift["currency"]) != paid(entries):
        raise GiftDoesNotMatch(gift=gift["reference"])


_DECISION = """
SELECT d.id, d.public_id, d.status, d.outcome, d.fund_id, d.gift_id, f.code
FROM unclear_decision d LEFT JOIN donation_fund f ON f.id = d.fund_id
WHERE d.public_id = $1 FOR NO KEY UPDATE OF d
"""
_ENTRIES = """
SELECT e.id, e.gateway_id, e.payment_id, e.amount_minor, e.fee_minor, e.net_minor, e.currency, e.original_minor,
       e.original_currency, e.made_at
FROM unclear_decision_entry s JOIN gateway_entry e ON e.id = s.entry_id WHERE s.decision_id = $1
ORDER BY e.made_at, e.id
"""
_GIFT = """
SELECT gift.id, gift.reference, gift.fund_id, gift.amount_minor, gift.currency, gift.status, gift.payment_id FROM gift
"""
