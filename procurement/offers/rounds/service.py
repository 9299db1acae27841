"""Inviting suppliers to a round of sealed quotations, and inviting again where a round came to nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from marketplace.organizations.matrix.queries import relied_matrix
from marketplace.organizations.provision import Category
from procurement import law
from procurement.blocks import LawRefusal, require
from procurement.offers import rules
from procurement.offers.rounds.queries import latest_standing
from procurement.offers.rules import SEALED
from procurement.purchases import service as purchases
from procurement.purchases.rules import PurchaseEvent, PurchaseStatus
from procurement.separation import SAME


class KeeperNotSeparate(LawRefusal):
    """Who asked, who invites and whoever belongs to an invited supplier keeps no key."""

    code, status = "keeper_not_separate", 409
    source, compared = SEALED, SAME
    reason = N_("申请人、邀请人和被邀请机构的人员不能当这次报价的保管人。")
    remedy = N_("请换人。")


class RoundNotOver(DomainError):
    """Another invitation is still open."""

    code, status, message = "quotation_round_over", 409, N_("上一轮邀请还没有结束。请刷新页面。")


class RoundEnough(DomainError):
    """The round before has quotations enough, by the database's own count and figure."""

    code, status, message = "quotation_round_enough", 409, N_("上一轮的有效报价已经够数，不能重新邀请。请刷新页面。")


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whom to ask, who keeps the key, how many of them open it, until when."""

    purchase_id: int
    deadline: datetime
    organizations: Sequence[UUID]
    keepers: Sequence[UUID]  # public ids of their accounts
    needed: int = 2


REFUSALS = {
    "quotation_keeper_separate": KeeperNotSeparate,
    "quotation_round_over": RoundNotOver,
    "quotation_round_enough": RoundEnough,
}


async def invite_suppliers(principal: Principal, asked: Invitation) -> int:
    """Open a round: suppliers and keepers are told, quotations are taken until the deadline; return its id."""
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    now, today = clock.now(), clock.today()
    async with transaction():
        row = (await purchases.lock_purchases([asked.purchase_id]))[asked.purchase_id]
        scope.require_place(row["place_code"])
        status = purchases.after(row, PurchaseEvent.INVITE)
        figures = await round_figures(row["place_code"])
        if status_of(row) is not PurchaseStatus.RESERVED:
            standing = await latest_standing(asked.purchase_id)
            require(rules.again_blocks(standing, figures.suppliers))
        suppliers = await _suppliers(asked)
        keys = await _keys(asked, row["place_code"])
        require(rules.round_blocks(asked.deadline, now, len(suppliers), len(keys), figures))
        if not figures.needed.value <= asked.needed <= len(keys):
            most = {"fewest": figures.needed.value, "most": len(keys)}
            raise InvalidInput({"needed": Message(N_("开启人数应在%(fewest)s到%(most)s之间。"), most)})
        async with database.refusing(REFUSALS):
            round_id = await _insert(principal.actor, asked, suppliers, keys)
        await purchases.move(principal, {asked.purchase_id: status})
        await audit.record(principal, "quotation.invited", "purchase", asked.purchase_id, day=today.isoformat())
        await _tell(round_id, row["reference"], asked.deadline)
        return round_id


def status_of(row: Row) -> PurchaseStatus:
    """Return where a locked purchase is."""
    return PurchaseStatus(row["status"])


async def round_figures(place_code: str) -> rules.RoundFigures:
    """Return the house's figures of today at a place."""
    today = clock.today()
    return rules.RoundFigures(
        await law.figure(law.QUOTATION_SUPPLIERS, today, place_code),
        await law.figure(law.QUOTATION_DAYS, today, place_code),
        await law.figure(law.KEEPERS, today, place_code),
        await law.figure(law.KEEPERS_NEEDED, today, place_code),
    )


async def _suppliers(asked: Invitation) -> list[int]:
    """Return the invited organizations; each is verified and of a kind that may provide the category."""
    category = await database.fetch_value(
        "SELECT category FROM quotation_request WHERE purchase_id = $1", asked.purchase_id
    )
    today = clock.today()
    matrix = await relied_matrix(Category(category), today)
    kinds = [kind.value for kind in matrix.kinds_that_may(Category(category), today)]
    rows = await database.fetch(
        """SELECT id FROM organization WHERE public_id = ANY($1) AND status = 'verified' AND kind = ANY($2)
           ORDER BY id FOR SHARE""",
        list(asked.organizations),
        kinds,
    )
    if len(rows) < len(set(asked.organizations)):
        raise InvalidInput({"organizations": Message(N_("有机构未认证，或不能提供这类服务。请重新选择。"))})
    return [row["id"] for row in rows]


async def _keys(asked: Invitation, place_code: str) -> list[Row]:
    """Return the keepers' live keys in the order in which the keepers are named."""
    rows = await database.fetch(
        """SELECT k.id, k.account_id FROM unnest($1::uuid[]) WITH ORDINALITY AS d (public_id, place_in_list)
           JOIN account ON account.public_id = d.public_id AND account.status = 'active'
           JOIN keeper_key k ON k.account_id = account.id AND k.revoked_at IS NULL
           WHERE EXISTS (SELECT FROM membership m WHERE m.account_id = account.id AND starts_with($2, m.place_code))
           ORDER BY d.place_in_list FOR SHARE OF k""",
        list(asked.keepers),
        place_code,
    )
    if len(rows) < len(set(asked.keepers)):
        raise InvalidInput({"keepers": Message(N_("有保管人没有有效的密钥。请重新选择。"))})
    return rows


async def _insert(actor: int, asked: Invitation, suppliers: Sequence[int], keys: Sequence[Row]) -> int:
    number = await database.fetch_value(
        "SELECT count(*) + 1 FROM quotation_round WHERE purchase_id = $1", asked.purchase_id
    )
    round_id = await database.insert_row(
        "quotation_round",
        {
            "purchase_id": asked.purchase_id,
            "number": number,
            "deadline": asked.deadline,
            "needed": asked.needed,
            "invited_by": actor,
            "invited_at": clock.now(),
        },
    )
    await database.execute(
        "INSERT INTO quotation_invitation (round_id, organization_id) SELECT $1, id FROM unnest($2::bigint[]) AS id",
        round_id,
        suppliers,
    )
    await database.execute(
        """INSERT INTO quotation_keeper (round_id, position, account_id, keeper_key_id)
           SELECT $1, d.position, d.account_id, d.key_id
           FROM unnest($2::bigint[], $3::bigint[]) WITH ORDINALITY AS d (account_id, key_id, position)""",
        round_id,
        [key["account_id"] for key in keys],
        [key["id"] for key in keys],
    )
    return round_id


async def _tell(round_id: int, reference: str, deadline: datetime) -> None:
    detail = {"reference": reference, "deadline": f"{clock.local(deadline):%Y-%m-%d %H:%M}"}
    rows = await database.fetch(_TOLD, round_id)
    invited, kept = (
        N_("邀请你报价：采购%(reference)s，%(deadline)s截止。报价加密保存，截止前谁都看不到。"),
        N_("请你保管采购%(reference)s的报价密钥，%(deadline)s以后共同开启。"),
    )
    await notify_many(
        [
            Notice(row["account_id"], invited, detail, (Channel.IN_APP, Channel.SMS), f"/my/quotations/{row['link']}")
            if row["supplier"]
            else Notice(row["account_id"], kept, detail, link=f"/buying/quotations/{row['link']}")
            for row in rows
        ]
    )


_TOLD = """
SELECT DISTINCT m.account_id, true AS supplier, i.public_id::text AS link FROM quotation_invitation i
JOIN membership m ON m.organization_id = i.organization_id AND m.role = 'provider' AND m.valid_from <= now()
    AND (m.valid_until IS NULL OR m.valid_until > now())
WHERE i.round_id = $1
UNION ALL
SELECT k.account_id, false, p.reference FROM quotation_keeper k JOIN quotation_round r ON r.id = k.round_id
JOIN purchase p ON p.id = r.purchase_id WHERE k.round_id = $1
"""
