"""Writing a wish, wanting the same, answering it with a product, closing it; telling villages what came of it."""

from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal, system_principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound, NotPermitted
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from marketplace.organizations.provision import Category
from marketplace.products.content import TargetGroup
from marketplace.wishes import rules
from marketplace.wishes.rules import CONSTRAINTS, ProductOver, WishEvent, WishStatus

OVER = ("rejected", "withdrawn", "delisted")


async def write_wish(
    principal: Principal, place_code: str, category: Category, target_group: TargetGroup, words_zh: str
) -> str:
    """Write a village's wish on the wall; return its reference."""
    principal.scope(Permission.ORDER_PLACE).require_place(place_code)
    if faults := rules.faults(words_zh):
        raise InvalidInput(faults)
    async with database.refusing(CONSTRAINTS), transaction():
        row = await database.fetch_one(
            """INSERT INTO wish (place_id, category, target_group, words_zh, status, written_by, written_at)
               SELECT id, $2, $3, $4, 'open', $5, $6 FROM place WHERE code = $1 AND level = 'village'
               RETURNING id, reference""",
            *(place_code, category.value, target_group.value, words_zh.strip(), principal.actor, clock.now()),
        )
        if row is None:
            raise NotFound
        await _support(principal, row["id"], place_code)
        await audit.record(principal, "wish.written", "wish", row["id"])
    return str(row["reference"])


async def support(principal: Principal, reference: str, place_code: str) -> None:
    """Say that a village of the same district wants the same."""
    principal.scope(Permission.ORDER_PLACE).require_place(place_code)
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _locked(reference)
        advance(rules.TRANSITIONS, WishStatus(row["status"]), WishEvent.SUPPORT)
        await _support(principal, row["id"], place_code)
        await audit.record(principal, "wish.supported", "wish", row["id"])


async def answer(principal: Principal, reference: str, product_reference: str) -> WishStatus:
    """Answer a wish with one of one's own products, a draft or listed; return where the wish stands then."""
    scope = principal.scope(Permission.PRODUCT_WRITE)
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _locked(reference)
        product = await database.fetch_one(
            "SELECT id, organization_id, status FROM product WHERE reference = $1 FOR SHARE", product_reference
        )
        if product is None or not scope.covers_organization(product["organization_id"]):
            raise InvalidInput({"product": Message(N_("请选一个本单位的产品。"))})
        if product["status"] in OVER:
            raise ProductOver
        status = advance(rules.TRANSITIONS, WishStatus(row["status"]), WishEvent.ANSWER)
        values = {"wish_id": row["id"], "product_id": product["id"]}
        said = {"answered_by": principal.actor, "answered_at": clock.now()}
        await database.insert_row("wish_answer", {**values, **said})
        await _move(principal, row, status)
        listed = product["status"] == "listed"
        if row["status"] == WishStatus.OPEN and not listed:
            text = N_("有机构来应“%(words)s”：正在写服务产品，上架后通知你。")
            await _tell(row["id"], text, f"/wishes/{reference}", "answered")
    if listed:
        await follow_wishes(clock.now())
        return WishStatus.FULFILLED
    return status


async def close(principal: Principal, reference: str, reason: str) -> None:
    """Close a wish, with the reason that everybody reads: its own village, or a reviewer of the catalogue."""
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明为什么结束，大家会看到。"))})
    async with transaction():
        row = await _locked(reference)
        if not may_close(principal, row["place_code"]):
            raise NotPermitted
        status = advance(rules.TRANSITIONS, WishStatus(row["status"]), WishEvent.CLOSE)
        values = {"closed_by": principal.actor, "closed_at": clock.now(), "reason": reason.strip()}
        await _move(principal, row, status, values)
        await _tell(
            row["id"], N_("心愿“%(words)s”结束了：%(reason)s"), f"/wishes/{reference}", "closed", reason.strip()
        )


async def follow_wishes(now: datetime) -> dict[str, int]:  # noqa: ARG001 - jobs are told the time
    """Fulfil wishes whose product is listed, open again those that no product will answer; return how many."""
    program, counts = system_principal(), {"fulfilled": 0, "reopened": 0}
    async with transaction():
        for row in await database.fetch(_MOVING):
            event = WishEvent.FULFIL if row["listed"] else WishEvent.REOPEN
            await _move(program, row, advance(rules.TRANSITIONS, WishStatus(row["status"]), event))
            if row["listed"]:
                text = N_("你们想要的“%(words)s”有服务了，可以去看看。")
                await _tell(row["id"], text, f"/products/{row['listed']}", "fulfilled")
            counts["fulfilled" if row["listed"] else "reopened"] += 1
    return counts


def may_close(principal: Principal, place_code: str) -> bool:
    """Tell whether somebody may close a village's wish."""
    village, reviewer = (
        principal.scopes.get(Permission.ORDER_PLACE),
        principal.scopes.get(Permission.PRODUCT_REVIEW),
    )
    return bool((village and village.covers_place(place_code)) or (reviewer and reviewer.covers_place(place_code)))


async def _support(principal: Principal, wish_id: int, place_code: str) -> None:
    place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
    if place_id is None:
        raise NotFound
    said = {"supported_by": principal.actor, "supported_at": clock.now()}
    await database.insert_row("wish_support", {"wish_id": wish_id, "place_id": place_id, **said})


async def _locked(reference: str) -> Row:
    row = await database.fetch_one(
        """SELECT w.id, w.status, place.code AS place_code FROM wish w JOIN place ON place.id = w.place_id
           WHERE w.reference = $1 FOR NO KEY UPDATE OF w""",
        reference,
    )
    if row is None:
        raise NotFound
    return row


async def _move(principal: Principal, row: Row, status: WishStatus, values: Row | None = None) -> None:
    await database.update_row("wish", row["id"], {"status": status.value, **(values or {})})
    await audit.record(principal, f"wish.{status.value}", "wish", row["id"])


async def _tell(wish_id: int, text: str, link: str, word: str, reason: str = "") -> None:
    """Tell everybody who wanted it."""
    rows = await database.fetch(
        """SELECT DISTINCT s.supported_by, w.words_zh FROM wish_support s JOIN wish w ON w.id = s.wish_id
           WHERE w.id = $1""",
        wish_id,
    )
    detail = [{"words": row["words_zh"], **({"reason": reason} if reason else {})} for row in rows]
    await notify_many(
        [
            Notice(row["supported_by"], text, said, link=link, once_key=f"wish-{word}:{wish_id}:{row['supported_by']}")
            for row, said in zip(rows, detail, strict=True)
        ]
    )


_MOVING = f"""
SELECT w.id, w.status, listed.reference AS listed FROM wish w
LEFT JOIN LATERAL (SELECT p.reference FROM wish_answer a JOIN product p ON p.id = a.product_id
                   WHERE a.wish_id = w.id AND p.status = 'listed' ORDER BY a.id LIMIT 1) AS listed ON true
WHERE w.status = 'answered' AND (listed.reference IS NOT NULL OR NOT EXISTS (
    SELECT FROM wish_answer a JOIN product p ON p.id = a.product_id
    WHERE a.wish_id = w.id AND p.status NOT IN {OVER!r}))
ORDER BY w.id FOR NO KEY UPDATE OF w
"""
