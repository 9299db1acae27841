"""Reading incubations: one in full, those of an officer or a mentor, and the plan's count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row
from app.core.errors import NotFound, NotPermitted
from marketplace.organizations.incubation.rules import MILESTONES, IncubationStatus, Milestone

_INCUBATION = """
SELECT i.id, i.public_id, i.status, i.aim_zh, i.applied_at, i.decided_at, i.reason, i.organization_id, i.mentor_id,
       o.public_id AS organization, o.name_zh, o.name_en, o.kind, o.status = 'verified' AS verified,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, mentor.display_name AS mentor,
       (SELECT count(*) FROM incubation_milestone m WHERE m.incubation_id = i.id AND m.confirmed_at IS NOT NULL)
           AS confirmed,
       (SELECT count(*) FROM incubation_milestone m WHERE m.incubation_id = i.id AND m.confirmed_at IS NULL) AS waiting
FROM incubation i JOIN organization o ON o.id = i.organization_id JOIN place ON place.id = o.place_id
LEFT JOIN account mentor ON mentor.id = i.mentor_id
"""


@dataclass(frozen=True, slots=True)
class IncubationRow:
    """An incubation as lists show it."""

    id: int
    public_id: UUID
    status: IncubationStatus
    aim_zh: str
    applied_at: datetime
    decided_at: datetime | None
    reason: str
    organization_id: int
    mentor_id: int | None
    organization: UUID
    name_zh: str
    name_en: str
    kind: str
    verified: bool  # only then it has a public page
    place_code: str
    place_zh: str
    place_en: str
    mentor: str | None
    confirmed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class MilestoneView:
    """A milestone with its evidence, if something was stated, and who confirmed it."""

    code: Milestone
    evidence_zh: str
    stated_at: datetime | None
    confirmed_by: str | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MeetingView:
    """One entry of the mentor's log."""

    held_on: date
    minutes: int
    topic_zh: str
    next_zh: str
    mentor: str


@dataclass(frozen=True, slots=True)
class IncubationView:
    """One incubation with its milestones by stage and its log."""

    row: IncubationRow
    stages: Mapping[IncubationStatus, tuple[MilestoneView, ...]]
    meetings: tuple[MeetingView, ...]

    @property
    def minutes(self) -> int:
        """Return how long the mentor sat with them in all."""
        return sum(meeting.minutes for meeting in self.meetings)


@dataclass(frozen=True, slots=True)
class Count:
    """How many organizations are in which state."""

    by_status: Mapping[IncubationStatus, int]

    @property
    def graduated(self) -> int:
        """Return what the plan counts: organizations whose incubation is complete."""
        return self.by_status.get(IncubationStatus.GRADUATED, 0)

    @property
    def going_on(self) -> int:
        """Return how many are on their way."""
        return sum(self.by_status.get(stage, 0) for stage in MILESTONES)


async def count() -> Count:
    """Count incubations by state."""
    rows = await database.fetch("SELECT status, count(*) AS number FROM incubation GROUP BY status")
    return Count({IncubationStatus(row["status"]): row["number"] for row in rows})


async def public_list() -> list[IncubationRow]:
    """Return who is being incubated or has graduated, graduates first."""
    rows = await database.fetch(
        f"""{_INCUBATION} WHERE i.status IN ('diagnosis', 'capacity', 'practice', 'graduated')
            ORDER BY i.status <> 'graduated', i.decided_at DESC LIMIT 200"""
    )
    return [_row(row) for row in rows]


async def of_officer(principal: Principal) -> list[IncubationRow]:
    """Return the incubations of the officer's places: applications first, then those with something to confirm."""
    scope = principal.scope(Permission.ORGANIZATION_VERIFY)
    rows = await database.fetch(
        f"""{_INCUBATION} WHERE place.code LIKE ANY($1)
            ORDER BY i.status <> 'applied', i.status IN ('graduated', 'refused', 'left'), waiting DESC, i.id DESC
            LIMIT 200""",
        scope.like_patterns(),
    )
    return [_row(row) for row in rows]


async def of_mentor(principal: Principal) -> list[IncubationRow]:
    """Return the incubations that a person mentors."""
    rows = await database.fetch(f"{_INCUBATION} WHERE i.mentor_id = $1 ORDER BY i.id DESC", principal.account_id)
    return [_row(row) for row in rows]


async def of_organization(principal: Principal, organization: UUID) -> IncubationView | None:
    """Return the latest incubation of one's own organization; None if it never applied."""
    row = await database.fetch_one(f"{_INCUBATION} WHERE o.public_id = $1 ORDER BY i.id DESC LIMIT 1", organization)
    if row is None:
        return None
    principal.scope(Permission.ORGANIZATION_MANAGE).require_organization(row["organization_id"])
    return await _in_full(row)


async def incubation(principal: Principal, public_id: UUID) -> IncubationView:
    """Return one incubation to its mentor, or to an officer of the place."""
    row = await database.fetch_one(f"{_INCUBATION} WHERE i.public_id = $1", public_id)
    if row is None:
        raise NotFound
    scope = principal.scopes.get(Permission.ORGANIZATION_VERIFY)
    if row["mentor_id"] != principal.account_id and not (scope and scope.covers_place(row["place_code"])):
        raise NotPermitted
    return await _in_full(row)


async def _in_full(row: Row) -> IncubationView:
    stated = await database.fetch(
        """SELECT m.code, m.evidence_zh, m.stated_at, account.display_name AS confirmed_by, m.confirmed_at
           FROM incubation_milestone m LEFT JOIN account ON account.id = m.confirmed_by WHERE m.incubation_id = $1""",
        row["id"],
    )
    found = {item["code"]: item for item in stated}
    meetings = await database.fetch(
        """SELECT s.held_on, s.minutes, s.topic_zh, s.next_zh, account.display_name AS mentor
           FROM mentoring_session s JOIN account ON account.id = s.mentor_id
           WHERE s.incubation_id = $1 ORDER BY s.held_on DESC, s.id DESC""",
        row["id"],
    )
    stages = {
        stage: tuple(_milestone(milestone, found.get(milestone.value)) for milestone in milestones)
        for stage, milestones in MILESTONES.items()
    }
    return IncubationView(_row(row), stages, tuple(MeetingView(**meeting) for meeting in meetings))


def _milestone(milestone: Milestone, row: Row | None) -> MilestoneView:
    if row is None:
        return MilestoneView(milestone, "", None, None, None)
    return MilestoneView(milestone, row["evidence_zh"], row["stated_at"], row["confirmed_by"], row["confirmed_at"])


def _row(row: Row) -> IncubationRow:
    return IncubationRow(**{**row, "status": IncubationStatus(row["status"])})
