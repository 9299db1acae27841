"""Who may decide what: figures, levels and deputies, each proposed by one person and confirmed by another.

Naming one's own deputy takes nobody else; ending a level or a deputy early takes one person, because it only takes
power away.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Role, Scope
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from procurement.blocks import LawRefusal
from procurement.purchases.approvals import rules
from procurement.purchases.approvals.rules import AuthorityEvent, AuthorityStatus, Level
from procurement.separation import SAME, OnePersonOnMoney

PAGE = "/buying/approvals"


class Kind(StrEnum):
    """What two people set; the value is the table's name."""

    LIMIT = "approval_limit"
    LEVEL = "approver_level"
    DEPUTY = "approval_deputy"


class OwnAuthority(LawRefusal):
    """Nobody sets or confirms what they themselves may decide."""

    code, status = "own_authority", 409
    source, compared = rules.AUTHORITY, SAME
    reason, remedy = N_("自己的审批权限和代行，不能由自己设定或确认。"), N_("请由另外两个人设定和确认。")


class LimitSet(DomainError):
    """Two sets of figures cannot begin on one day."""

    code, status, message = "limit_set", 409, N_("这个地区当天已有另一套限额开始执行，请改选日期。")


class LimitTooLate(LawRefusal):
    """Purchases are judged by the figures of their own day."""

    code, status = "limit_too_late", 409
    source, compared = rules.AUTHORITY, N_("执行日已到")
    reason, remedy = N_("限额要在执行日之前确认。"), N_("请退回，改一个更晚的日期重新提出。")


class DeputyOverlaps(DomainError):
    """One deputy at a time."""

    code, status, message = "deputy_overlaps", 409, N_("这段时间已经有人代行，请先结束原来的代行，或改选日期。")


class NoLevelHeld(DomainError):
    """There is nothing to stand in for."""

    code, status, message = "no_level_held", 409, N_("被代行的人没有审批级别，不需要代行。")


CONSTRAINTS = {
    "approval_limit_second_person": OnePersonOnMoney,
    "approver_level_second_person": OnePersonOnMoney,
    "approval_deputy_second_person": OnePersonOnMoney,
    "approver_level_not_for_oneself": OwnAuthority,
    "approval_deputy_not_for_oneself": OwnAuthority,
    "approval_deputy_of_another": OnePersonOnMoney,
    "approval_limit_one_a_day": LimitSet,
    "approval_limit_in_advance": LimitTooLate,
    "approval_deputy_one_at_a_time": DeputyOverlaps,
}


@dataclass(frozen=True, slots=True)
class NewLimit:
    """Figures for a place from a day on."""

    place_code: str
    effective_from: date
    section_up_to_fen: int
    division_up_to_fen: int
    document: str


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A level for a person at a place; without an end until it is ended."""

    account: UUID
    place_code: str
    level: Level
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class NewDeputy:
    """Who stands in for whom, first and last day included; ``account`` None is oneself."""

    deputy: UUID
    starts_on: date
    ends_on: date
    account: UUID | None = None


async def propose_limit(principal: Principal, new: NewLimit) -> UUID:
    """Propose figures that hold from a later day on; what came before keeps its own."""
    principal.scope(Permission.BUDGET_MANAGE).require_place(new.place_code)
    rules.refuse_incomplete_limit(
        new.section_up_to_fen, new.division_up_to_fen, new.effective_from, new.document, clock.today()
    )
    async with transaction():
        row = {
            "place_id": await _place_id(new.place_code),
            "effective_from": new.effective_from,
            "section_up_to_fen": new.section_up_to_fen,
            "division_up_to_fen": new.division_up_to_fen,
            "document": new.document.strip(),
        }
        return await _propose(principal, Kind.LIMIT, row)


async def propose_level(principal: Principal, new: NewLevel) -> UUID:
    """Propose who holds a level at a place."""
    principal.scope(Permission.BUDGET_MANAGE).require_place(new.place_code)
    if new.level is Level.SINGLE:
        raise InvalidInput({"level": Message(N_("请选择审批级别。"))})
    rules.refuse_period(new.starts_on, new.ends_on, clock.today())
    async with transaction(), database.refusing(CONSTRAINTS):
        account_id = await _approver(new.account, "account")
        row = {
            "account_id": account_id,
            "place_id": await _place_id(new.place_code),
            "level": new.level.value,
            "starts_on": new.starts_on,
            "ends_on": new.ends_on,
        }
        return await _propose(principal, Kind.LEVEL, row)


async def name_deputy(principal: Principal, new: NewDeputy) -> UUID:
    """Name who stands in: for oneself at once, for somebody else when a second person confirms."""
    rules.refuse_period(new.starts_on, new.ends_on, clock.today(), rules.LONGEST_DEPUTY)
    own = new.account is None
    scope = principal.scope(Permission.PURCHASE_APPROVE if own else Permission.BUDGET_MANAGE)
    async with transaction(), database.refusing(CONSTRAINTS):
        account_id = principal.actor if new.account is None else await _approver(new.account, "account")
        # In turn: of two periods that overlap and are written at once, each would wait for the other.
        await database.fetch("SELECT id FROM account WHERE id = $1 FOR NO KEY UPDATE", account_id)
        await _require_level(account_id, scope)
        deputy_id = await _approver(new.deputy, "deputy")
        if deputy_id == account_id:
            raise InvalidInput({"deputy": Message(N_("代行人要是另一个人。"))})
        row = {
            "account_id": account_id,
            "deputy_id": deputy_id,
            "starts_on": new.starts_on,
            "ends_on": new.ends_on,
        }
        public_id = await _propose(principal, Kind.DEPUTY, row, in_force=own)
        if own:
            await _tell_deputy(row)
        return public_id


async def decide_authority(principal: Principal, kind: Kind, public_id: UUID, confirm: bool, reason: str = "") -> None:
    """Confirm what another person proposed, which brings it into force, or refuse it with a reason."""
    scope = principal.scope(Permission.PURCHASE_APPROVE)
    if not confirm and not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明退回的理由。"))})
    async with transaction(), database.refusing(CONSTRAINTS):
        row = await _locked(kind, public_id)
        await _require_reach(row, scope)
        event = AuthorityEvent.CONFIRM if confirm else AuthorityEvent.REFUSE
        status = advance(rules.TRANSITIONS, AuthorityStatus(row["status"]), event)
        if row["proposed_by"] == principal.actor:
            raise OnePersonOnMoney
        if principal.actor in (row.get("deputy_id"), row.get("account_id") if kind is Kind.LEVEL else None):
            raise OwnAuthority
        decided = {"decided_by": principal.actor, "decided_at": clock.now(), "reason": reason.strip()}
        await database.update_row(kind.value, row["id"], {"status": status.value, **decided})
        await audit.record(principal, f"{kind.value}.{status.value}", kind.value, row["id"])
        if kind is Kind.DEPUTY and confirm:
            await _tell_deputy(row)


async def end_authority(principal: Principal, kind: Kind, public_id: UUID) -> None:
    """End a level or a deputy with yesterday; who is stood in for ends it themselves, officers end any."""
    if kind is Kind.LIMIT:
        raise NotFound
    async with transaction():
        row = await _locked(kind, public_id)
        if principal.actor not in (row["account_id"], row.get("deputy_id")):
            held = [principal.scopes[one] for one in (Permission.BUDGET_MANAGE, Permission.PURCHASE_APPROVE)
                    if one in principal.scopes]  # fmt: skip
            if not held:
                raise NotPermitted
            await _require_reach(row, Scope(tuple(code for scope in held for code in scope.place_codes)))
        yesterday = clock.today() - timedelta(days=1)
        if row["status"] != "confirmed" or (row["ends_on"] is not None and row["ends_on"] <= yesterday):
            raise NotFound
        last = max(yesterday, row["starts_on"] - timedelta(days=1))
        await database.update_row(kind.value, row["id"], {"ends_on": last})
        await audit.record(principal, f"{kind.value}.ended", kind.value, row["id"])


async def _propose(principal: Principal, kind: Kind, row: dict[str, Any], *, in_force: bool = False) -> UUID:
    status = AuthorityStatus.CONFIRMED if in_force else AuthorityStatus.PROPOSED
    said = {"status": status.value, "proposed_by": principal.actor, "proposed_at": clock.now()}
    new_id = await database.insert_row(kind.value, {**row, **said})
    await audit.record(principal, f"{kind.value}.{status.value}", kind.value, new_id)
    public_id: UUID = await database.fetch_value(f"SELECT public_id FROM {kind.value} WHERE id = $1", new_id)
    return public_id


async def _locked(kind: Kind, public_id: UUID) -> Row:
    row = await database.fetch_one(
        f"SELECT * FROM {kind.value} WHERE public_id = $1 FOR NO KEY UPDATE",
        public_id,
    )
    if row is None:
        raise NotFound
    return row


async def _require_reach(row: Row, scope: Scope) -> None:
    """Refuse a place, or for a deputy a person, that lies outside one's own places."""
    if "place_id" not in row:
        await _require_level(row["account_id"], scope)
        return
    scope.require_place(await database.fetch_value("SELECT code FROM place WHERE id = $1", row["place_id"]))


async def _require_level(account_id: int, scope: Scope) -> None:
    places = await database.fetch(
        """SELECT place.code FROM approver_level a JOIN place ON place.id = a.place_id
           WHERE a.account_id = $1 AND a.status = 'confirmed' AND (a.ends_on IS NULL OR a.ends_on >= $2)""",
        account_id,
        clock.today(),
    )
    if not places:
        raise NoLevelHeld
    if not any(scope.covers_place(row["code"]) for row in places):
        raise NotPermitted


async def _approver(account: UUID, field: str) -> int:
    """Return the account of somebody who holds the approver's role; nobody else is given a level or stands in."""
    found: int | None = await database.fetch_value(
        """SELECT account.id FROM account JOIN membership m ON m.account_id = account.id
           WHERE account.public_id = $1 AND account.status = 'active' AND m.role = $2
             AND m.valid_from <= $3 AND (m.valid_until IS NULL OR m.valid_until > $3) LIMIT 1""",
        account,
        Role.APPROVER.value,
        clock.now(),
    )
    if found is None:
        raise InvalidInput({field: Message(N_("请选择有“审批人”角色的人。"))})
    return found


async def _place_id(code: str) -> int:
    found: int | None = await database.fetch_value("SELECT id FROM place WHERE code = $1", code)
    if found is None:
        raise NotFound
    return found


async def _tell_deputy(row: Row) -> None:
    detail = {"from": row["starts_on"].isoformat(), "until": row["ends_on"].isoformat()}
    text = N_("%(from)s 至 %(until)s 由你代行另一人的采购审批。")
    await notify_many([Notice(row["deputy_id"], text, detail, link=PAGE)])
