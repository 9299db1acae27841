"""Proposing a flagship project, adopting it by a second person, closing it with its result."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound, SamePersonRefused
from app.core.state import advance
from app.core.text import N_, Message
from marketplace.flagships import rules
from marketplace.flagships.rules import FlagshipEvent, FlagshipStatus, Promise
from marketplace.products.editions import usage
from marketplace.products.editions.usage import Wanted

_INSERT = """
INSERT INTO flagship_project (year, place_id, title_zh, title_en, promise_zh, unit, target, status, proposed_by,
                              proposed_at)
SELECT $1, place.id, $3, $4, $5, $6, $7, 'proposed', $8, $9 FROM place WHERE place.code = $2
RETURNING id, reference
"""


async def propose(principal: Principal, promise: Promise) -> str:
    """Propose a project for a place and year; return its number."""
    principal.scope(Permission.PRODUCT_REVIEW).require_place(promise.place_code)
    if faults := rules.promise_faults(promise, clock.today().year):
        raise InvalidInput(faults)
    async with transaction():
        rows = await database.fetch(
            _INSERT,
            *(promise.year, promise.place_code, promise.title_zh.strip(), promise.title_en.strip()),
            *(promise.promise_zh.strip(), promise.unit.value, promise.target, principal.actor, clock.now()),
        )
        if not rows:
            raise InvalidInput({"place_code": Message(N_("没有这个地区。"))})
        linked = await database.execute(
            """INSERT INTO flagship_product (project_id, product_id)
               SELECT $1, p.id FROM product p JOIN product_version v ON v.product_id = p.id
                    AND v.number = p.listed_version
               WHERE p.reference = ANY($2) AND p.status = 'listed' AND v.unit = $3""",
            *(rows[0]["id"], list(promise.products), promise.unit.value),
        )
        if linked < len(set(promise.products)):
            raise InvalidInput({"products": Message(N_("所选服务必须已上架，且计量单位与目标相同。"))})
        await audit.record(principal, "flagship.proposed", "flagship_project", rows[0]["id"], year=promise.year)
    return str(rows[0]["reference"])


async def decide(principal: Principal, reference: str, event: FlagshipEvent, result_zh: str = "") -> None:
    """Adopt, complete with the number reached and a result in words, or drop with a reason."""
    scope = principal.scope(Permission.PRODUCT_REVIEW)
    if event is not FlagshipEvent.ADOPT and not result_zh.strip():
        raise InvalidInput({"result_zh": Message(N_("请写明结果或原因，会向社会公开。"))})
    async with database.refusing({"flagship_decided_by_another": SamePersonRefused}), transaction():
        row = await _locked(reference)
        scope.require_place(row["place_code"])
        after = advance(rules.TRANSITIONS, FlagshipStatus(row["status"]), event)
        await database.update_row(
            "flagship_project", row["id"], {"status": after.value, **await _written(principal, row, event, result_zh)}
        )
        await audit.record(principal, f"flagship.{event.value}", "flagship_project", row["id"])


async def _written(principal: Principal, row: Row, event: FlagshipEvent, result_zh: str) -> Row:
    now = clock.now()
    if event is FlagshipEvent.ADOPT:
        return {"decided_by": principal.actor, "decided_at": now}
    if event is FlagshipEvent.DROP:
        return {"result_zh": result_zh.strip()}
    products = await database.fetch("SELECT product_id FROM flagship_product WHERE project_id = $1", row["id"])
    ids = tuple(item["product_id"] for item in products)
    [reached] = await usage.delivered([Wanted(ids, row["place_code"], row["year"])])
    return {"closed_by": principal.actor, "closed_at": now, "reached": reached, "result_zh": result_zh.strip()}


async def _locked(reference: str) -> Row:
    row = await database.fetch_one(
        """SELECT f.id, f.status, f.year, place.code AS place_code
           FROM flagship_project f JOIN place ON place.id = f.place_id WHERE f.reference = $1 FOR NO KEY UPDATE OF f""",
        reference,
    )
    if row is None:
        raise NotFound
    return row
