"""Young organizations on their way: some have just applied, most are in one of the three stages, a few have graduated.

Each is mentored by a lawyer; the mentor confirms what the organization states, and an officer leads it on.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.accounts.principals import principals_of_accounts
from app.accounts.registration import account_ids_by_phone
from app.core import clock, database
from app.core.access import Principal, Role
from marketplace.organizations.incubation import service
from marketplace.organizations.incubation.rules import MILESTONES, STAGES, IncubationEvent, IncubationStatus, Milestone
from marketplace.organizations.incubation.service import Meeting
from procurement.demonstration import invention
from procurement.demonstration.people import PERSON_PHONES

S = IncubationStatus
GOALS = (S.CAPACITY, S.GRADUATED, S.PRACTICE, S.DIAGNOSIS, S.APPLIED)
"""How far they come, in turn; the first is that of the provider whom a visitor signs in as."""
MOST = 10
MENTORS = 3
MEETING_MINUTES = 90


@dataclass(frozen=True, slots=True)
class _Young:
    """An incubated organization with its member, its mentor and how far it will come."""

    public_id: UUID
    status: IncubationStatus
    member: Principal
    mentor: Principal
    goal: IncubationStatus


_SOCIAL = """
SELECT o.id, o.public_id FROM organization o
WHERE o.kind IN ('association', 'service_institution') AND o.status = 'verified' ORDER BY o.id LIMIT $1
"""
_INCUBATED = """
SELECT i.public_id, i.organization_id, i.status FROM incubation i
WHERE i.status IN ('diagnosis', 'capacity', 'practice') ORDER BY i.id
"""


async def take_in(officers: dict[Role, Principal], providers: dict[int, Principal]) -> int:
    """Let social organizations apply, and take most of them in; return how many are incubated."""
    if await database.fetch_value("SELECT count(*) FROM incubation"):
        return 0
    words, taken = invention.vocabulary()["incubation"], 0
    for number, row in enumerate(await database.fetch(_SOCIAL, MOST)):
        incubation = await service.apply_for_incubation(providers[row["id"]], row["public_id"], words["aim"])
        if GOALS[number % len(GOALS)] is S.APPLIED:
            continue
        event, phone = IncubationEvent.TAKE_IN, _mentor_phone(number)
        await service.decide_incubation(
            officers[Role.CATALOGUE_REVIEWER], incubation, event, words["taken_in"], mentor_phone=phone
        )
        taken += 1
    return taken


async def go_on(officers: dict[Role, Principal], providers: dict[int, Principal], until: IncubationStatus) -> int:
    """Lead each organization on, as far as its goal and the stage named; return how many moved."""
    moved = 0
    for young in await _young(providers):
        await _meet(young)
        last = min(STAGES.index(until), _reach(young.goal))
        for stage in STAGES[STAGES.index(young.status) : last]:
            await _pass(officers, young, stage)
            moved += 1
    return moved


async def come_to_the_end(officers: dict[Role, Principal], providers: dict[int, Principal]) -> int:
    """Let those who have all milestones graduate, and the others state some that nobody has confirmed yet."""
    graduated = 0
    for young in await _young(providers):
        await _meet(young)
        if young.goal is S.GRADUATED and young.status is S.PRACTICE:
            await _pass(officers, young, S.PRACTICE)
            graduated += 1
        else:
            await _state(young, MILESTONES[young.status][:2])
    return graduated


async def _pass(officers: dict[Role, Principal], young: _Young, stage: IncubationStatus) -> None:
    """Have a stage's milestones stated and confirmed, and the organization led out of it."""
    words = invention.vocabulary()["incubation"]
    await _state(young, MILESTONES[stage])
    await service.confirm_milestones(young.mentor, young.public_id, list(MILESTONES[stage]))
    event = IncubationEvent.GRADUATE if stage is S.PRACTICE else IncubationEvent.ADVANCE
    officer = officers[Role.CATALOGUE_REVIEWER]
    await service.decide_incubation(officer, young.public_id, event, words[event.value])


async def _state(young: _Young, milestones: tuple[Milestone, ...]) -> None:
    evidence = invention.vocabulary()["incubation"]["evidence"]
    for milestone in milestones:
        await service.state_milestone(young.member, young.public_id, milestone, evidence[milestone.value])


async def _meet(young: _Young) -> None:
    """Write down a meeting of the day before; what it is about follows the stage."""
    topic, agreed = invention.vocabulary()["incubation"]["meetings"][STAGES.index(young.status)]
    meeting = Meeting(clock.today() - timedelta(days=1), MEETING_MINUTES, topic, agreed)
    await service.log_meeting(young.mentor, young.public_id, meeting)


async def _young(providers: dict[int, Principal]) -> list[_Young]:
    """Return those in a stage, each with the goal that its place among the applications gives it."""
    order = {row["id"]: number for number, row in enumerate(await database.fetch(_SOCIAL, MOST))}
    mentors = await _mentors()
    return [
        _Young(
            row["public_id"],
            IncubationStatus(row["status"]),
            providers[row["organization_id"]],
            mentors[_mentor_phone(order[row["organization_id"]])],
            GOALS[order[row["organization_id"]] % len(GOALS)],
        )
        for row in await database.fetch(_INCUBATED)
    ]


async def _mentors() -> dict[str, Principal]:
    ids = await account_ids_by_phone(_mentor_phone(number) for number in range(MENTORS))
    found = await principals_of_accounts(ids.values())
    return {phone: found[account_id] for phone, account_id in ids.items()}


def _mentor_phone(number: int) -> str:
    return invention.phone(PERSON_PHONES + number % MENTORS)


def _reach(goal: IncubationStatus) -> int:
    """Return the index of the stage at which an organization stays before its end."""
    return STAGES.index(S.PRACTICE if goal is S.GRADUATED else goal)
