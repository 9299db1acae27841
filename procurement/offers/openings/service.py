"""Opening a round after its deadline: each keeper unlocks in a session of their own; with enough of them it is read.

Before the deadline the database takes no share, whoever writes. After it the shares need no protection any more, so
they are stored as they are; a restart between two keepers loses nothing. When enough shares are there, everything is
read in memory, attachments are kept, and one transaction writes what the quotations say.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import msgspec

from app.accounts import attempts
from app.accounts.rules import Limit
from app.attachments.service import StoredFile, attach, keep
from app.core import audit, clock, database
from app.core.access import Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.notifications.service import Notice, notify_many
from procurement import law
from procurement.blocks import Figure, LawRefusal, require
from procurement.offers import rules
from procurement.offers.engine import envelopes, keys
from procurement.offers.engine.boxes import CannotOpen
from procurement.offers.engine.keys import KeptKey
from procurement.offers.engine.shamir import Share
from procurement.offers.rounds.queries import LAST, latest_standing
from procurement.offers.rules import SEALED, Compared, Ground
from procurement.offers.submissions.content import Quotation, context_of, read
from procurement.purchases import service as purchases
from procurement.purchases.rules import PurchaseEvent, PurchaseStatus
from procurement.reading import BUYERS, reading_scope


class WrongPassphrase(DomainError):
    """The passphrase does not open the keeper's key."""

    code, status, message = "wrong_passphrase", 422, N_("口令不对，密钥没有打开。")


class KeyLost(DomainError):
    """The key was revoked: its private half no longer exists."""

    code, status, message = "keeper_key_lost", 409, N_("你的这把密钥已作废，不能再开启。")


class AlreadyUnlocked(DomainError):
    """A keeper brings the shares once."""

    code, status, message = "already_unlocked", 409, N_("你已经用过密钥，请等待其他保管人。")


class NothingToOpen(DomainError):
    """The round is open already, replaced or cancelled."""

    code, status, message = "quotation_while_sealed", 409, N_("这一轮报价已开启或已结束。请刷新页面。")


class TooEarly(LawRefusal):
    """The deadline is not over."""

    code, status = "quotation_unlock_after_deadline", 409
    source, compared = SEALED, N_("还没有截止")
    reason, remedy = N_("截止之前任何人都不能开启报价。"), N_("请等到截止以后。")


class NotAnyMore(LawRefusal):
    """A keeper has joined a supplier meanwhile."""

    code, status = "keeper_not_separate", 409
    source, compared = SEALED, N_("被邀请机构的人员")
    reason, remedy = N_("你属于被邀请的机构，不能开启这次报价。"), N_("请由其他保管人开启。")


TRIES = Limit(20, timedelta(hours=1))
"""How often a keeper may try a passphrase for one purchase: who guesses has stolen a session, and is slowed down."""
REFUSALS = {
    "quotation_unlock_keeper_id_key": AlreadyUnlocked,
    "quotation_while_sealed": NothingToOpen,
    "quotation_unlock_after_deadline": TooEarly,
    "quotation_keeper_separate": NotAnyMore,
}


@dataclass(frozen=True, slots=True)
class _Read:
    """One quotation of a round: what it says, or nothing where it could not be opened."""

    row: Row
    quotation: Quotation | None
    file: StoredFile | None = None


async def unlock(principal: Principal, purchase_id: int, passphrase: str) -> bool:
    """Bring one keeper's shares of a purchase's latest round; return whether the round was opened by it."""
    scope = reading_scope(principal, *BUYERS)
    keeper = await database.fetch_one(_KEEPER, purchase_id, principal.actor)
    if keeper is None or not scope.covers_place(keeper["place_code"]):
        raise NotFound
    require(rules.opening_blocks(await latest_standing(purchase_id), await _fewest(keeper["place_code"])))
    if keeper["private_sealed"] is None:
        raise KeyLost
    await attempts.count("keeper_key", f"{principal.actor}/{purchase_id}", TRIES)
    kept = KeptKey(keeper["public_key"], keeper["salt"], keeper["private_sealed"])
    try:
        private = await asyncio.to_thread(keys.unlocked, kept, passphrase)
    except CannotOpen:
        raise WrongPassphrase from None
    async with transaction():
        await purchases.lock_purchases([purchase_id])
        # With the purchase locked after the deadline, no quotation is on its way any more.
        require(rules.opening_blocks(await latest_standing(purchase_id), await _fewest(keeper["place_code"])))
        async with database.refusing(REFUSALS):
            values = {"keeper_id": keeper["id"], "round_id": keeper["round_id"], "unlocked_at": clock.now()}
            unlock_id = await database.insert_row("quotation_unlock", values)
        shares = await database.fetch(_SEALED, keeper["round_id"], keeper["id"])
        opened = []
        for one in shares:
            try:
                share = envelopes.share_of(private, one["sealed"], keeper["position"], context_of(one["invitation"]))
            except CannotOpen:
                continue  # a share that was altered: the others may still be enough
            opened.append((unlock_id, one["quotation_id"], keeper["round_id"], share))
        await database.copy_rows("opened_share", ("unlock_id", "quotation_id", "round_id", "share"), opened)
        await audit.record(principal, "quotation.unlocked", "purchase", purchase_id, round=keeper["round_id"])
    return await open_round(principal, purchase_id, keeper["round_id"])


async def open_round(principal: Principal, purchase_id: int, round_id: int) -> bool:
    """Read the round if enough keepers have unlocked it; return whether this call opened it.

    A quotation that the first keepers' shares do not open waits for the others, as long as there are others.
    """
    state = await database.fetch_one(_STATE, round_id)
    if state is None or state["unlocked"] < state["needed"]:
        return False
    found = [await _read(row, state["needed"]) for row in await database.fetch(_QUOTATIONS, round_id)]
    if any(one.quotation is None for one in found) and state["waiting"]:
        return False
    async with transaction():
        row = (await purchases.lock_purchases([purchase_id]))[purchase_id]
        if PurchaseStatus(row["status"]) is not PurchaseStatus.QUOTATIONS_SEALED:
            return False  # another keeper's request has opened it
        opening_id = await database.insert_row("quotation_opening", {"round_id": round_id, "opened_at": clock.now()})
        ids = [await _write(principal, opening_id, one) for one in found]
        await _exclude(ids, found)
        status = purchases.after(row, PurchaseEvent.OPEN)
        await purchases.move(principal, {purchase_id: status})
        told = N_("采购%(reference)s的报价已开启，请比价。")
        link = f"/buying/quotations/{row['reference']}"
        await notify_many([Notice(row["requested_by"], told, {"reference": row["reference"]}, link=link)])
    return True


async def _fewest(place_code: str) -> Figure:
    return await law.figure(law.QUOTATION_SUPPLIERS, clock.today(), place_code)


async def _read(row: Row, needed: int) -> _Read:
    shares = [Share(place, values) for place, values in zip(row["places"], row["shares"], strict=True)]
    try:
        plain = envelopes.unseal(row["ciphertext"], shares, needed, context_of(row["invitation"]))
        quotation = read(plain)
    except (CannotOpen, msgspec.DecodeError):
        return _Read(row, None)
    attached = quotation.attached
    file = await keep(attached.file_name, attached.content) if attached else None
    return _Read(row, quotation, file)


async def _write(principal: Principal, opening_id: int, one: _Read) -> int:
    values: Row = {
        "opening_id": opening_id,
        "round_id": one.row["round_id"],
        "quotation_id": one.row["id"],
        "organization_id": one.row["organization_id"],
        "invitation_id": one.row["invitation_id"],
        "readable": one.quotation is not None,
    }
    if one.quotation is not None:
        said = ("unit_price_fen", "product_id", "product_version", "words_zh", "met", "legal_representative",
                "controlled_by")  # fmt: skip
        values |= {name: getattr(one.quotation, name) for name in said}
    opened_id = await database.insert_row("opened_quotation", values)
    if one.file is not None:
        await attach(principal, one.file, "opened_quotation", opened_id)
    return opened_id


async def _exclude(ids: Sequence[int], found: Sequence[_Read]) -> None:
    """Mark what the opening itself shows: what cannot be read, and suppliers under one control."""
    said = {new_id: one.quotation for new_id, one in zip(ids, found, strict=True)}
    compared = [
        Compared(new_id, one.unit_price_fen, one.legal_representative, one.controlled_by)
        for new_id, one in said.items()
        if one is not None
    ]
    out = dict.fromkeys(sorted(rules.related(compared)), Ground.SAME_CONTROL)
    out |= {new_id: Ground.UNREADABLE for new_id, one in said.items() if one is None}
    await database.copy_rows(
        "quotation_exclusion",
        ("opened_quotation_id", "ground", "reason_zh", "excluded_at"),
        [(new_id, ground.value, "", clock.now()) for new_id, ground in out.items()],
    )


_KEEPER = """
SELECT k.id, k.position, k.round_id, keeper_key.public_key, keeper_key.salt, keeper_key.private_sealed,
       place.code AS place_code
FROM quotation_keeper k JOIN keeper_key ON keeper_key.id = k.keeper_key_id
JOIN quotation_round r ON r.id = k.round_id JOIN purchase p ON p.id = r.purchase_id JOIN place ON place.id = p.place_id
WHERE r.purchase_id = $1 AND k.account_id = $2
  AND r.number = (SELECT max(n.number) FROM quotation_round n WHERE n.purchase_id = $1)
"""
_SEALED = f"""
SELECT last.id AS quotation_id, i.public_id AS invitation, s.sealed FROM ({LAST}) AS last
JOIN quotation_invitation i ON i.id = last.invitation_id
JOIN sealed_share s ON s.quotation_id = last.id AND s.keeper_id = $2 WHERE last.ciphertext IS NOT NULL
"""
_STATE = """
SELECT r.needed, count(u.id) AS unlocked,
       count(*) FILTER (WHERE u.id IS NULL AND keeper_key.revoked_at IS NULL) AS waiting
FROM quotation_round r JOIN quotation_keeper k ON k.round_id = r.id JOIN keeper_key ON keeper_key.id = k.keeper_key_id
LEFT JOIN quotation_unlock u ON u.keeper_id = k.id WHERE r.id = $1 GROUP BY r.id
"""
_QUOTATIONS = f"""
SELECT last.id, last.round_id, last.invitation_id, last.ciphertext, i.public_id AS invitation, i.organization_id,
       coalesce(array_agg(k.position ORDER BY k.position) FILTER (WHERE k.id IS NOT NULL), '{{}}') AS places,
       coalesce(array_agg(o.share ORDER BY k.position) FILTER (WHERE k.id IS NOT NULL), '{{}}') AS shares
FROM ({LAST}) AS last JOIN quotation_invitation i ON i.id = last.invitation_id
LEFT JOIN opened_share o ON o.quotation_id = last.id LEFT JOIN quotation_unlock u ON u.id = o.unlock_id
LEFT JOIN quotation_keeper k ON k.id = u.keeper_id
WHERE last.ciphertext IS NOT NULL
GROUP BY last.id, last.round_id, last.invitation_id, last.ciphertext, i.public_id, i.organization_id ORDER BY last.id
"""
