"""Promising something to places from a day on, and ending a promise; what was promised stays readable."""

from datetime import date
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from volunteers.coverage.rules import CONSTRAINTS, LONGEST_WORDS, Every
from volunteers.coverage.standing.forms import RuleForm


async def set_rule(principal: Principal, asked: RuleForm) -> UUID:
    """Promise a visit in each period to everything of a level below a place."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(asked.place)
    _check(asked)
    now = clock.now()
    async with database.refusing(CONSTRAINTS), transaction():
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", asked.place)
        if place_id is None:
            raise InvalidInput({"place": Message(N_("没有找到这个地点。"))})
        row = {
            "place_id": place_id,
            "level": asked.level,
            "credentials_any": [kind.value for kind in asked.credentials],
            "kind": asked.kind,
            "every": asked.every,
            "days": asked.days if asked.every is Every.DAYS else None,
            "minutes": asked.minutes,
            "alert_days": asked.alert_days,
            "lead_days": asked.lead_days,
            "compensation": asked.compensation,
            "insured": asked.insured,
            "valid_from": asked.valid_from or clock.today(),
            "valid_until": asked.valid_until,
            "document": asked.document.strip(),
            "reason": asked.reason.strip(),
            "stated_by": principal.actor,
            "stated_at": now,
        }
        rule_id = await database.insert_row("coverage_rule", row)
        await audit.record(principal, "coverage.rule_set", "coverage_rule", rule_id, level=asked.level)
        public_id: UUID = await database.fetch_value("SELECT public_id FROM coverage_rule WHERE id = $1", rule_id)
    return public_id


async def end_rule(principal: Principal, public_id: UUID, last_day: date, reason: str) -> None:
    """Say until when a rule holds; shifts that were made for it stay."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    _check_reason(reason)
    async with database.refusing(CONSTRAINTS), transaction():
        rule = await database.fetch_one(
            """SELECT r.id, place.code FROM coverage_rule r JOIN place ON place.id = r.place_id
               WHERE r.public_id = $1""",
            public_id,
        )
        if rule is None:
            raise NotFound
        scope.require_place(rule["code"])
        row = {"rule_id": rule["id"], "last_day": last_day, "reason": reason.strip(), "ended_by": principal.actor}
        await database.insert_row("coverage_ending", {**row, "ended_at": clock.now()})
        await audit.record(principal, "coverage.rule_ended", "coverage_rule", rule["id"])


def _check(asked: RuleForm) -> None:
    if asked.every is Every.DAYS and asked.days is None:
        raise InvalidInput({"days": Message(N_("请写每几天一次。"))})
    _check_reason(asked.reason)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明为什么，以后看得懂。"))})
    if len(reason.strip()) > LONGEST_WORDS:
        raise InvalidInput({"reason": Message(N_("最多 %(limit)s 个字。"), {"limit": LONGEST_WORDS})})
