"""A framework's way from scheme to end, and who is admitted to it."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from procurement import law
from procurement.blocks import require
from procurement.frameworks import rules
from procurement.frameworks.notices.service import publish_steps
from procurement.frameworks.rules import FrameworkEvent, FrameworkStatus, Term


@dataclass(frozen=True, slots=True)
class NewFramework:
    """The scheme of an open framework: what is bought, at which uniform rate, where and how long."""

    title_zh: str
    category: str
    unit: str
    rate_fen: int
    place_code: str
    starts_on: date
    ends_on: date
    title_en: str = ""


async def draw_up_framework(principal: Principal, scheme: NewFramework) -> int:
    """Write a framework's scheme and return its id."""
    scope = principal.scope(Permission.FRAMEWORK_MANAGE)
    scope.require_place(scheme.place_code)
    if not scheme.title_zh.strip():
        raise InvalidInput({"title_zh": Message(N_("请填写框架协议的名称。"))})
    today = clock.today()
    async with transaction():
        longest = await law.figure(law.TERM, scheme.starts_on, scheme.place_code)
        term = Term(scheme.starts_on, scheme.ends_on)
        require(rules.scheme_blocks(scheme.rate_fen, term, longest, today))
        framework_id: int | None = await database.fetch_value(
            """INSERT INTO framework (title_zh, title_en, category, unit, rate_fen, place_id, status, starts_on,
                                      ends_on, created_by, created_at)
               SELECT $1, $2, $3, $4, $5, place.id, 'scheme', $7, $8, $9, $10 FROM place WHERE place.code = $6
               RETURNING id""",
            scheme.title_zh.strip(),
            scheme.title_en.strip(),
            scheme.category,
            scheme.unit,
            scheme.rate_fen,
            scheme.place_code,
            scheme.starts_on,
            scheme.ends_on,
            principal.actor,
            clock.now(),
        )
        if framework_id is None:
            raise NotFound
        await audit.record(
            principal,
            "framework.drawn_up",
            "framework",
            framework_id,
            rate_fen=scheme.rate_fen,
            place=scheme.place_code,
        )
        return framework_id


async def file_scheme(principal: Principal, framework_id: int, filing_number: str) -> None:
    """Note that the finance bureau has received the scheme."""
    async with transaction():
        row = await _lock_managed(principal, framework_id)
        status = _advance(row, FrameworkEvent.FILE)
        require(rules.filing_blocks(filing_number, await law.source(law.FILING, clock.today(), row["place_code"])))
        await _move(principal, framework_id, status, filing_number=filing_number.strip())


async def publish_call(principal: Principal, framework_id: int) -> None:
    """Publish the call for suppliers; from now on every willing, qualified one may apply, for the whole term."""
    async with transaction():
        row = await _lock_managed(principal, framework_id)
        status = _advance(row, FrameworkEvent.PUBLISH_CALL)
        await _move(principal, framework_id, status, published_at=clock.now())
        await publish_steps([framework_id], "call")


async def bring_into_force(principal: Principal, framework_id: int) -> None:
    """Open the framework to call-offs, once enough suppliers are admitted."""
    today = clock.today()
    async with transaction():
        row = await _lock_managed(principal, framework_id)
        status = _advance(row, FrameworkEvent.BRING_INTO_FORCE)
        suppliers: int = await database.fetch_value(
            "SELECT count(DISTINCT organization_id) FROM admission WHERE framework_id = $1 AND status = 'admitted'",
            framework_id,
        )
        fewest = await law.figure(law.SUPPLIERS, today, row["place_code"])
        require(rules.force_blocks(Term(row["starts_on"], row["ends_on"]), suppliers, fewest, today))
        await _move(principal, framework_id, status)
        await publish_steps([framework_id], "force")


async def expire_frameworks(principal: Principal, now: datetime) -> int:
    """End every framework whose last day is over and return how many."""
    principal.scope(Permission.FRAMEWORK_MANAGE)
    ending = [start.value for start, event in rules.TRANSITIONS if event is FrameworkEvent.EXPIRE]
    async with transaction():
        rows = await database.fetch(
            "UPDATE framework SET status = 'expired' WHERE status = ANY($1) AND ends_on < $2 RETURNING id",
            ending,
            clock.local(now).date(),
        )
        if rows:
            await publish_steps([row["id"] for row in rows], "expiry")
            await audit.record_many(
                principal, [audit.Entry("framework.expired", "framework", row["id"], {}) for row in rows]
            )
        return len(rows)


async def _lock_managed(principal: Principal, framework_id: int) -> Row:
    scope = principal.scope(Permission.FRAMEWORK_MANAGE)
    row = await database.fetch_one(
        """SELECT f.status, f.starts_on, f.ends_on, place.code AS place_code
           FROM framework f JOIN place ON place.id = f.place_id WHERE f.id = $1 FOR NO KEY UPDATE OF f""",
        framework_id,
    )
    if row is None:
        raise NotFound
    scope.require_place(row["place_code"])
    return row


def _advance(row: Row, event: FrameworkEvent) -> FrameworkStatus:
    return advance(rules.TRANSITIONS, FrameworkStatus(row["status"]), event)


async def _move(principal: Principal, framework_id: int, status: FrameworkStatus, **written: object) -> None:
    await database.update_row("framework", framework_id, {"status": status.value, **written})
    await audit.record(principal, f"framework.{status.value}", "framework", framework_id)
