"""Defining a training, recording who completed it, taking that back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.rules import Channel
from app.notifications.service import Notice, notify_many
from volunteers.people.trainings import rules
from volunteers.people.trainings.queries import REACHED
from volunteers.people.trainings.rules import (
    CONSTRAINTS,
    MOST_AT_ONCE,
    NotYetHeld,
    OutOfReach,
    ReasonForRevoking,
    TrainingDraft,
    TrainingEvent,
    TrainingStatus,
)

_LOCKED = """
SELECT t.id, t.status, t.title_zh, t.reference, place.code FROM training t JOIN station ON station.id = t.station_id
JOIN place ON place.id = station.place_id WHERE t.reference = $1 FOR NO KEY UPDATE OF t
"""
_RECORD = """
INSERT INTO training_completion (training_id, person_id, completed_on, recorded_by, recorded_at)
SELECT $1, person.id, $3, $4, $5 FROM person WHERE person.public_id = ANY ($2) ORDER BY person.id
ON CONFLICT (training_id, person_id, completed_on) WHERE revoked_at IS NULL DO NOTHING
RETURNING id, public_id, person_id, valid_until
"""


async def define(principal: Principal, draft: TrainingDraft) -> str:
    """Store a training that a station of the person's holds; return its reference."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if found := rules.faults(draft):
        raise InvalidInput(found)
    async with transaction():
        code = await database.fetch_value(
            "SELECT place.code FROM station JOIN place ON place.id = station.place_id WHERE station.id = $1",
            draft.station_id,
        )
        if code is None:
            raise InvalidInput({"station_id": Message(N_("请选择举办培训的站点。"))})
        scope.require_place(code)
        stated = {**asdict(draft), "status": TrainingStatus.OFFERED}
        training_id = await database.insert_row(
            "training", {**stated, "created_by": principal.actor, "created_at": clock.now()}
        )
        await audit.record(principal, "training.defined", "training", training_id)
        reference: str = await database.fetch_value("SELECT reference FROM training WHERE id = $1", training_id)
    return reference


async def move_on(principal: Principal, reference: str, event: TrainingEvent) -> TrainingStatus:
    """Hold a training no more, or again; what was completed counts either way."""
    async with transaction():
        row = await _lock(principal, reference)
        status = advance(rules.TRANSITIONS, TrainingStatus(row["status"]), event)
        await database.update_row("training", row["id"], {"status": status})
        await audit.record(principal, f"training.{event}", "training", row["id"])
    return status


async def record_completions(principal: Principal, reference: str, people: Sequence[UUID], completed_on: date) -> int:
    """Vouch by name that people completed a training on a day; twice is once. Return how many were new."""
    if completed_on > clock.today():
        raise NotYetHeld
    wanted = list(dict.fromkeys(people))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise InvalidInput({"people": Message(N_("请勾选完成培训的人，一次最多 200 位。"))})
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _lock(principal, reference)
        scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
        reached = await database.fetch_value(
            f"SELECT count(*) {REACHED} AND person.public_id = ANY ($2)", scope.like_patterns(), wanted
        )
        if reached != len(wanted):
            raise OutOfReach
        new = await database.fetch(_RECORD, row["id"], wanted, completed_on, principal.actor, clock.now())
        await audit.record_many(
            principal,
            [
                audit.Entry("training.completed", "training_completion", one["id"], {"training": reference})
                for one in new
            ],
        )
        await _tell(new, row)
    return len(new)


async def revoke_completion(principal: Principal, public_id: UUID, reason: str) -> None:
    """Take a completion back; seats ahead that need it are given back by a job, as with a credential."""
    if not reason.strip():
        raise ReasonForRevoking
    async with database.refusing(CONSTRAINTS), transaction():
        reference = await database.fetch_value(
            """SELECT t.reference FROM training_completion c JOIN training t ON t.id = c.training_id
               WHERE c.public_id = $1 AND c.revoked_at IS NULL""",
            public_id,
        )
        if reference is None:
            raise NotFound
        row = await _lock(principal, reference)
        found = await database.fetch_one(
            """UPDATE training_completion c SET revoked_by = $2, revoked_at = $3, revoked_reason = $4
               FROM person p WHERE c.public_id = $1 AND c.revoked_at IS NULL AND p.id = c.person_id
               RETURNING c.id, p.account_id""",
            *(public_id, principal.actor, clock.now(), reason.strip()),
        )
        if found is None:
            raise NotFound
        await audit.record(principal, "training.completion_revoked", "training_completion", found["id"])
        text = N_("培训“%(title)s”的完成记录被撤销：%(reason)s。有疑问请联系举办的站点。")
        said = {"title": row["title_zh"], "reason": reason.strip().rstrip("。")}
        channels = (Channel.IN_APP, Channel.SMS)
        await notify_many([Notice(found["account_id"], text, said, channels, f"/trainings/{reference}")])


async def _lock(principal: Principal, reference: str) -> Row:
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    row = await database.fetch_one(_LOCKED, reference)
    if row is None:
        raise NotFound
    scope.require_place(row["code"])
    return row


async def _tell(new: Sequence[Row], training: Row) -> None:
    accounts = await database.fetch(
        "SELECT id, account_id FROM person WHERE id = ANY ($1)", [one["person_id"] for one in new]
    )
    text = N_("培训“%(title)s”已记为完成，可以报需要它的任务了。")
    await notify_many(
        [
            Notice(row["account_id"], text, {"title": training["title_zh"]}, link=f"/trainings/{training['reference']}")
            for row in accounts
        ]
    )
