"""Applications for admission, their decision by another person, and how an admission ends."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.audit import Entry
from app.core.database import Row, transaction
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from app.rulebook import rely_on
from marketplace.organizations.matrix.queries import load_matrix, relied_matrix
from marketplace.organizations.provision import Category, Matrix
from procurement import law
from procurement.blocks import LawRefusal, Source, require
from procurement.frameworks import rules
from procurement.frameworks.admissions.candidates import APPLICATIONS, PRODUCTS, candidate_of, framework_of
from procurement.frameworks.notices.service import publish_admissions, publish_end
from procurement.frameworks.rules import AdmissionEvent, AdmissionStatus, RemovalGround
from procurement.separation import OnePerson


class AlreadyApplied(DomainError):
    """The product is admitted to the framework or waits for a decision."""

    code, status, message = "already_applied", 409, N_("这个产品已经申请或已经入围，不用重复申请。")


class TieRefused(LawRefusal):
    """条例 §9: who worked for the supplier within the last years does not decide about it."""

    code, status = "recusal_required", 409
    source, compared = Source("政府采购法实施条例", "第9条"), N_("%(years)s年")
    reason, remedy = N_("你近%(years)s年与申请机构有任职关系，应当回避。"), N_("请由其他人员审核。")


@dataclass(frozen=True, slots=True)
class ApplicationDecision:
    """An officer's word on one application; a refusal says why (令110 §39)."""

    admission_id: int
    admit: bool
    reason: str = ""


async def apply_for_admission(principal: Principal, framework_id: int, product_ids: Sequence[int]) -> list[int]:
    """Apply with listed products of the provider's own; return the applications' ids in the order given."""
    scope = principal.scope(Permission.FRAMEWORK_APPLY)
    if len(set(product_ids)) < len(product_ids):
        raise AlreadyApplied
    today = clock.today()
    async with transaction():
        # FOR SHARE: the framework does not end while somebody applies to it.
        framework = await database.fetch_one(
            "SELECT status, category, unit, rate_fen, starts_on, ends_on FROM framework WHERE id = $1 FOR SHARE",
            framework_id,
        )
        products = await database.fetch(PRODUCTS, product_ids, framework_id, today)
        if framework is None or len(products) < len(product_ids):
            raise NotFound
        matrix = await relied_matrix(Category(framework["category"]), today)
        for row in products:
            scope.require_organization(row["organization_id"])
            require(rules.admission_blocks(framework_of(framework), candidate_of(row, matrix, today), today))
        ids = await _insert_applications(principal.actor, framework_id, framework["rate_fen"], product_ids)
        await audit.record_many(
            principal,
            [
                Entry("admission.applied", "admission", new_id, {"framework": framework_id, "product": product_id})
                for new_id, product_id in zip(ids, product_ids, strict=True)
            ],
        )
        return ids


async def decide_applications(principal: Principal, decisions: Sequence[ApplicationDecision]) -> Counter[str]:
    """Admit or refuse any number of applications, all or none; return how many ended in which state.

    An admission is published the moment it is made (令110 §40 allows two working days).
    """
    scope = principal.scope(Permission.FRAMEWORK_MANAGE)
    _refuse_incomplete(decisions)
    now, today = clock.now(), clock.today()
    async with transaction():
        years = (await law.figure(law.RECUSAL, today)).value
        rows = await _lock(_LOCKED_APPLICATIONS, [decision.admission_id for decision in decisions], today)
        actor = principal.actor
        matrix = await load_matrix()
        outcomes = [_decide(scope, actor, one, rows[one.admission_id], matrix, today) for one in decisions]
        await _require_untied(principal, {row["organization_id"] for row in rows.values()}, years, now)
        await database.execute(
            _WRITE_DECISIONS,
            [decision.admission_id for decision in decisions],
            [outcome.value for outcome in outcomes],
            [decision.reason.strip() for decision in decisions],
            principal.actor,
            now,
        )
        decided = zip(decisions, outcomes, strict=True)
        await publish_admissions([d.admission_id for d, to in decided if to is AdmissionStatus.ADMITTED])
        await audit.record_many(
            principal,
            [
                Entry(f"admission.{outcome.value}", "admission", decision.admission_id, {})
                for decision, outcome in zip(decisions, outcomes, strict=True)
            ],
        )
        await notify_many([_notice(rows[decision.admission_id], decision) for decision in decisions])
        return Counter(outcome.value for outcome in outcomes)


async def withdraw_admission(principal: Principal, admission_id: int) -> None:
    """Leave a framework, or take an application back: a supplier may at any time (令110 §20)."""
    scope = principal.scope(Permission.FRAMEWORK_APPLY)
    async with transaction():
        row = (await _lock(_ADMISSIONS, [admission_id]))[admission_id]
        scope.require_organization(row["organization_id"])
        await _end(principal, row, AdmissionEvent.WITHDRAW, "voluntary", "")


async def remove_admission(principal: Principal, admission_id: int, ground: RemovalGround, reason: str) -> None:
    """Remove a supplier for cause; its organization never returns to this framework (令110 §19)."""
    scope = principal.scope(Permission.FRAMEWORK_MANAGE)
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明清退的事实和理由。"))})
    async with transaction():
        row = (await _lock(_ADMISSIONS, [admission_id]))[admission_id]
        scope.require_place(row["place_code"])
        await _end(principal, row, AdmissionEvent.REMOVE, ground.value, reason.strip())


def _refuse_incomplete(decisions: Sequence[ApplicationDecision]) -> None:
    if any(not decision.admit and not decision.reason.strip() for decision in decisions):
        raise InvalidInput({"reason": Message(N_("不予入围必须书面说明理由（财政部令第110号第39条）。"))})
    if len({decision.admission_id for decision in decisions}) < len(decisions):
        raise InvalidInput


def _decide(
    scope: Scope, actor: int, decision: ApplicationDecision, row: Row, matrix: Matrix, today: date
) -> AdmissionStatus:
    scope.require_place(row["place_code"])
    event = AdmissionEvent.ADMIT if decision.admit else AdmissionEvent.REFUSE
    outcome = advance(rules.ADMISSION_TRANSITIONS, AdmissionStatus(row["admission_status"]), event)
    if row["applied_by"] == actor:
        raise OnePerson
    if decision.admit:
        rely_on(matrix.deciding(Category(row["category"]), today))
        require(rules.admission_blocks(framework_of(row), candidate_of(row, matrix, today), today))
    return outcome


def _notice(row: Row, decision: ApplicationDecision) -> Notice:
    said = N_("服务“%(title)s”已入围，可以被采购了。") if decision.admit else N_("服务“%(title)s”没有入围：%(reason)s")
    detail = {"title": row["title_zh"], "reason": decision.reason.strip()}
    return Notice(row["applied_by"], said, detail, link="/my/admissions")


async def _require_untied(principal: Principal, organizations: set[int], years: int, now: datetime) -> None:
    tied = await database.fetch_value(
        """SELECT EXISTS (SELECT 1 FROM membership
                          WHERE account_id = $1 AND organization_id = ANY($2)
                            AND coalesce(valid_until, 'infinity') > $3)
               OR EXISTS (SELECT 1 FROM person WHERE account_id = $1 AND organization_id = ANY($2))""",
        principal.actor,
        list(organizations),
        now - timedelta(days=366 * years),
    )
    if tied:
        raise TieRefused(years=years)


async def _lock(query: str, ids: Sequence[int], *more: object) -> dict[int, Row]:
    rows = {row["admission_id"]: row for row in await database.fetch(query, ids, *more)}
    if any(admission_id not in rows for admission_id in ids):
        raise NotFound
    return rows


async def _end(principal: Principal, row: Row, event: AdmissionEvent, ground: str, reason: str) -> None:
    status = advance(rules.ADMISSION_TRANSITIONS, AdmissionStatus(row["admission_status"]), event)
    written = {"status": status.value, "ended_by": principal.actor, "ended_at": clock.now(), "end_ground": ground}
    if reason:
        written["reason"] = reason
    await database.update_row("admission", row["admission_id"], written)
    await publish_end(row["admission_id"])
    await audit.record(principal, f"admission.{status.value}", "admission", row["admission_id"], ground=ground)


async def _insert_applications(actor: int, framework_id: int, rate_fen: int, product_ids: Sequence[int]) -> list[int]:
    async with database.refusing({"admission_once": AlreadyApplied}):
        rows = await database.fetch(_APPLY, framework_id, rate_fen, product_ids, actor, clock.now())
    found = {row["product_id"]: int(row["id"]) for row in rows}
    return [found[product_id] for product_id in product_ids]


_LOCKED_APPLICATIONS = f"{APPLICATIONS} WHERE a.id = ANY($1) ORDER BY a.id FOR NO KEY UPDATE OF a"
_ADMISSIONS = """
SELECT a.id AS admission_id, a.status AS admission_status, a.organization_id, place.code AS place_code
FROM admission a JOIN framework f ON f.id = a.framework_id JOIN place ON place.id = f.place_id
WHERE a.id = ANY($1) ORDER BY a.id FOR NO KEY UPDATE OF a
"""
_APPLY = """
INSERT INTO admission (framework_id, rate_fen, product_id, product_version, organization_id, status, applied_by,
                       applied_at)
SELECT $1, $2, product.id, product.listed_version, product.organization_id, 'applied', $4, $5
FROM product WHERE product.id = ANY($3) RETURNING id, product_id
"""
_WRITE_DECISIONS = """
UPDATE admission SET status = d.status, reason = d.reason, decided_by = $4, decided_at = $5,
                     published_at = CASE WHEN d.status = 'admitted' THEN $5::timestamptz END
FROM unnest($1::bigint[], $2::text[], $3::text[]) AS d (id, status, reason) WHERE admission.id = d.id
"""
