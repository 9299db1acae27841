"""Applying for incubation, going through its stages, stating and confirming what was reached, logging meetings."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.accounts.registration import account_ids_by_phone
from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused
from app.core.state import advance
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from marketplace.organizations.incubation import rules
from marketplace.organizations.incubation.rules import IncubationEvent, IncubationStatus, Milestone

_LOCK = """
SELECT i.id, i.public_id, i.status, i.organization_id, i.mentor_id, i.applied_by, place.code AS place_code,
       o.public_id AS organization, o.name_zh
FROM incubation i JOIN organization o ON o.id = i.organization_id JOIN place ON place.id = o.place_id
WHERE i.public_id = $1 FOR NO KEY UPDATE OF i
"""
SHORTEST, LONGEST = 15, 480  # minutes of a meeting


@dataclass(frozen=True, slots=True)
class Meeting:
    """What mentor and organization talked about, and what they agreed."""

    held_on: date
    minutes: int
    topic_zh: str
    next_zh: str


async def apply_for_incubation(principal: Principal, organization: UUID, aim_zh: str) -> UUID:
    """Apply for one's own organization, verified or still without papers: growing is what incubation is for."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    if not aim_zh.strip():
        raise InvalidInput({"aim_zh": Message(N_("请写明希望在孵化中学会做什么。"))})
    async with database.refusing(rules.CONSTRAINTS), transaction():
        organization_id = await database.fetch_value(
            "SELECT id FROM organization WHERE public_id = $1 FOR SHARE", organization
        )
        if organization_id is None:
            raise NotFound
        scope.require_organization(organization_id)
        [row] = await database.fetch(
            """INSERT INTO incubation (organization_id, status, aim_zh, applied_by, applied_at)
               VALUES ($1, 'applied', $2, $3, $4) RETURNING id, public_id""",
            *(organization_id, aim_zh.strip(), principal.actor, clock.now()),
        )
        await audit.record(principal, "incubation.applied", "incubation", row["id"])
    public_id: UUID = row["public_id"]
    return public_id


async def decide_incubation(
    principal: Principal, public_id: UUID, event: IncubationEvent, reason: str, mentor_phone: str = ""
) -> None:
    """Take in (naming a mentor), refuse, lead into the next stage, or graduate; the organization is told."""
    scope = principal.scope(Permission.ORGANIZATION_VERIFY)
    if event is IncubationEvent.LEAVE:
        raise NotPermitted
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明理由或评语，申请单位会看到。"))})
    constraints = {**rules.CONSTRAINTS, "incubation_decided_by_another": SamePersonRefused}
    async with database.refusing(constraints), transaction():
        row = await _locked(public_id)
        scope.require_place(row["place_code"])
        after = advance(rules.TRANSITIONS, IncubationStatus(row["status"]), event)
        rules.require_milestones(IncubationStatus(row["status"]), event, await _confirmed(row["id"]))
        decided: Row = {"decided_by": principal.actor, "decided_at": clock.now(), "reason": reason.strip()}
        if event is IncubationEvent.TAKE_IN:
            decided["mentor_id"] = await _mentor(mentor_phone)
        await database.update_row("incubation", row["id"], {"status": after.value, **decided})
        await audit.record(principal, f"incubation.{event.value}", "incubation", row["id"], to=after.value)
        await notify_many(_notices(row, event, reason.strip(), decided.get("mentor_id")))


async def leave_incubation(principal: Principal, public_id: UUID, reason: str) -> None:
    """End one's own incubation before graduation."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    if not reason.strip():
        raise InvalidInput({"reason": Message(N_("请写明退出的原因。"))})
    async with transaction():
        row = await _locked(public_id)
        scope.require_organization(row["organization_id"])
        after = advance(rules.TRANSITIONS, IncubationStatus(row["status"]), IncubationEvent.LEAVE)
        await database.update_row("incubation", row["id"], {"status": after.value, "reason": reason.strip()})
        await audit.record(principal, "incubation.leave", "incubation", row["id"])


async def state_milestone(principal: Principal, public_id: UUID, milestone: Milestone, evidence_zh: str) -> None:
    """Say by which evidence a milestone is reached; until it is confirmed it can be said anew."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    if not evidence_zh.strip():
        raise InvalidInput({"evidence_zh": Message(N_("请写明凭什么证明，例如证书编号、培训日期、产品编号。"))})
    async with database.refusing(rules.CONSTRAINTS), transaction():
        row = await _locked(public_id)
        scope.require_organization(row["organization_id"])
        rules.require_stage(IncubationStatus(row["status"]), milestone)
        await database.execute(
            """INSERT INTO incubation_milestone (incubation_id, stage, code, evidence_zh, stated_by, stated_at)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (incubation_id, code) DO UPDATE SET evidence_zh = excluded.evidence_zh,
                   stated_by = excluded.stated_by, stated_at = excluded.stated_at""",
            *(row["id"], rules.STAGE_OF[milestone].value, milestone.value, evidence_zh.strip()),
            *(principal.actor, clock.now()),
        )
        await audit.record(principal, "incubation.stated", "incubation", row["id"], milestone=milestone.value)


async def confirm_milestones(principal: Principal, public_id: UUID, milestones: list[Milestone]) -> None:
    """Confirm what was stated, by a second person: the mentor or an officer of the place."""
    async with database.refusing({"incubation_milestone_second_person": SamePersonRefused}), transaction():
        row = await _locked(public_id)
        _require_mentor_or_officer(principal, row)
        confirmed = await database.execute(
            """UPDATE incubation_milestone SET confirmed_by = $3, confirmed_at = $4
               WHERE incubation_id = $1 AND code = ANY($2) AND confirmed_at IS NULL""",
            *(row["id"], [milestone.value for milestone in milestones], principal.actor, clock.now()),
        )
        if confirmed < len(set(milestones)):
            raise NotFound
        await audit.record(principal, "incubation.confirmed", "incubation", row["id"], milestones=sorted(milestones))


async def log_meeting(principal: Principal, public_id: UUID, meeting: Meeting) -> None:
    """Write down a meeting; only the mentor does, while the organization is being incubated."""
    _require_complete(meeting)
    async with transaction():
        row = await _locked(public_id)
        if row["mentor_id"] != principal.account_id:
            raise NotPermitted
        rules.require_stage(IncubationStatus(row["status"]), Milestone.PAPERS)
        await database.insert_row(
            "mentoring_session",
            {
                "incubation_id": row["id"],
                "held_on": meeting.held_on,
                "minutes": meeting.minutes,
                "topic_zh": meeting.topic_zh.strip(),
                "next_zh": meeting.next_zh.strip(),
                "mentor_id": principal.actor,
                "logged_at": clock.now(),
            },
        )
        await audit.record(principal, "incubation.mentored", "incubation", row["id"], minutes=meeting.minutes)


def _require_complete(meeting: Meeting) -> None:
    faults = {}
    if not SHORTEST <= meeting.minutes <= LONGEST:
        faults["minutes"] = Message(N_("辅导时长应在 15 至 480 分钟之间。"))
    if meeting.held_on > clock.today():
        faults["held_on"] = Message(N_("辅导日期不能在今天以后。"))
    if not meeting.topic_zh.strip():
        faults["topic_zh"] = Message(N_("请写明辅导了什么。"))
    if not meeting.next_zh.strip():
        faults["next_zh"] = Message(N_("请写明约定下次之前做到什么。"))
    if faults:
        raise InvalidInput(faults)


def _require_mentor_or_officer(principal: Principal, row: Row) -> None:
    if row["mentor_id"] is not None and row["mentor_id"] == principal.account_id:
        return
    principal.scope(Permission.ORGANIZATION_VERIFY).require_place(row["place_code"])


async def _mentor(phone: str) -> int:
    try:
        found = await account_ids_by_phone([phone])
    except InvalidInput:
        raise InvalidInput({"mentor_phone": Message(N_("请填写导师的 11 位手机号。"))}) from None
    if phone not in found:
        raise rules.MentorUnknown
    return found[phone]


async def _confirmed(incubation_id: int) -> set[Milestone]:
    rows = await database.fetch(
        "SELECT code FROM incubation_milestone WHERE incubation_id = $1 AND confirmed_at IS NOT NULL", incubation_id
    )
    return {Milestone(row["code"]) for row in rows}


async def _locked(public_id: UUID) -> Row:
    row = await database.fetch_one(_LOCK, public_id)
    if row is None:
        raise NotFound
    return row


def _notices(row: Row, event: IncubationEvent, reason: str, mentor_id: int | None) -> list[Notice]:
    told = [
        Notice(
            row["applied_by"],
            N_("“%(name)s”的孵化：%(event)s。%(reason)s"),
            {"name": row["name_zh"], "event": Message(rules.EVENT_NAMES[event]), "reason": reason},
            link=f"/my/organizations/{row['organization']}/incubation",
        )
    ]
    if mentor_id is not None:
        asked = N_("请你担任“%(name)s”的孵化导师。")
        told.append(Notice(mentor_id, asked, {"name": row["name_zh"]}, link=f"/mentoring/{row['public_id']}"))
    return told
