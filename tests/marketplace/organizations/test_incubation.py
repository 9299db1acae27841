"""An organization grows: three stages, nine milestones confirmed by a second person, a graduation by a third."""

import asyncio
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Principal, Role
from app.core.errors import InvalidInput, NotPermitted, SamePersonRefused, TransitionRefused
from app.core.state import advance
from marketplace.organizations.incubation import queries, rules, service
from marketplace.organizations.incubation.rules import IncubationEvent, IncubationStatus, Milestone
from marketplace.organizations.incubation.service import Meeting
from tests import world
from tests.app.web.client import client
from tests.conftest import rounds
from tests.refusals import refused

E, S = IncubationEvent, IncubationStatus
STEPS = {
    ("applied", "take_in"): "diagnosis",
    ("applied", "refuse"): "refused",
    ("applied", "leave"): "left",
    ("diagnosis", "advance"): "capacity",
    ("diagnosis", "leave"): "left",
    ("capacity", "advance"): "practice",
    ("capacity", "leave"): "left",
    ("practice", "graduate"): "graduated",
    ("practice", "leave"): "left",
}
PHONE = "13857100001"


@pytest.mark.parametrize(("status", "event"), list(product(S, E)))
def test_an_incubation_moves_only_as_the_table_says(status: S, event: E) -> None:
    expected = STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
    else:
        assert advance(rules.TRANSITIONS, status, event) == expected


@pytest.mark.parametrize(("status", "milestone"), list(product(S, Milestone)))
def test_a_milestone_is_stated_in_its_stage_or_later(status: S, milestone: Milestone) -> None:
    order = ["diagnosis", "capacity", "practice"]
    stage = rules.STAGE_OF[milestone].value
    if status.value in order and order.index(stage) <= order.index(status.value):
        rules.require_stage(status, milestone)
    else:
        with pytest.raises(rules.NotInStage):
            rules.require_stage(status, milestone)


@pytest.mark.parametrize("stage", rules.STAGES)
def test_a_stage_ends_only_with_all_its_milestones(stage: S) -> None:
    event = E.GRADUATE if stage is S.PRACTICE else E.ADVANCE
    rules.require_milestones(stage, event, rules.MILESTONES[stage])
    for missing in rules.MILESTONES[stage]:
        with pytest.raises(rules.MilestonesMissing):
            rules.require_milestones(stage, event, set(Milestone) - {missing})


class Nest:
    """An organization with the people around its incubation."""

    organization: world.Organization
    officer: Principal
    mentor: Principal
    public_id: Any

    async def begin(self) -> "Nest":
        self.organization = await world.organization()
        self.officer = await world.account(Role.CATALOGUE_REVIEWER)
        self.public_id = await service.apply_for_incubation(
            self.organization.member, self.organization.public_id, "独立承办讲座"
        )
        return self

    async def taken_in(self) -> "Nest":
        await self.begin()
        self.mentor = await world.account(Role.VOLUNTEER, None, phone=PHONE)
        await service.decide_incubation(self.officer, self.public_id, E.TAKE_IN, "符合条件", PHONE)
        return self

    async def reach(self, stage: S) -> None:
        """State and confirm all milestones of a stage."""
        found = list(rules.MILESTONES[stage])
        for milestone in found:
            await service.state_milestone(self.organization.member, self.public_id, milestone, "有证明")
        await service.confirm_milestones(self.mentor, self.public_id, found)

    async def status(self) -> str:
        return str(await database.fetch_value("SELECT status FROM incubation WHERE public_id = $1", self.public_id))


async def test_an_organization_goes_through_three_stages_and_is_counted_once_it_graduates(db: None) -> None:
    nest = await Nest().taken_in()
    assert ((await queries.count()).graduated, (await queries.count()).going_on) == (0, 1)
    for stage, event in zip(rules.STAGES, (E.ADVANCE, E.ADVANCE, E.GRADUATE), strict=True):
        with pytest.raises(rules.MilestonesMissing):
            await service.decide_incubation(nest.officer, nest.public_id, event, "尚可")
        await nest.reach(stage)
        await service.decide_incubation(nest.officer, nest.public_id, event, "达到要求")
    assert await nest.status() == "graduated"
    assert ((await queries.count()).graduated, (await queries.count()).going_on) == (1, 0)
    told = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1", nest.organization.member.actor
    )
    assert told >= 4


async def test_the_mentor_does_not_graduate_nor_an_applicant_decide(db: None) -> None:
    nest = await Nest().taken_in()
    await database.execute("UPDATE incubation SET mentor_id = $1", nest.officer.actor)
    nest.mentor = nest.officer
    for stage, event in ((S.DIAGNOSIS, E.ADVANCE), (S.CAPACITY, E.ADVANCE)):
        await nest.reach(stage)
        await service.decide_incubation(nest.officer, nest.public_id, event, "达到要求")
    await nest.reach(S.PRACTICE)
    with pytest.raises(rules.MentorGraduates):
        await service.decide_incubation(nest.officer, nest.public_id, E.GRADUATE, "达到要求")
    with pytest.raises(NotPermitted):
        await service.decide_incubation(nest.organization.member, nest.public_id, E.GRADUATE, "达到要求")
    await service.decide_incubation(await world.account(Role.CATALOGUE_REVIEWER), nest.public_id, E.GRADUATE, "好")


async def test_who_stated_a_milestone_does_not_confirm_it_and_a_confirmed_one_stays(db: None) -> None:
    nest = await Nest().taken_in()
    await service.state_milestone(nest.organization.member, nest.public_id, Milestone.PAPERS, "证书 5233")
    await database.execute("UPDATE incubation SET mentor_id = $1", nest.organization.member.actor)
    with pytest.raises(SamePersonRefused):
        await service.confirm_milestones(nest.organization.member, nest.public_id, [Milestone.PAPERS])
    await service.confirm_milestones(nest.officer, nest.public_id, [Milestone.PAPERS])
    for change in ("UPDATE incubation_milestone SET evidence_zh = '改'", "DELETE FROM incubation_milestone"):
        await refused("incubation_milestone_frozen", change)
    with pytest.raises(rules.MilestoneConfirmed, match="已经确认"):
        await service.state_milestone(nest.organization.member, nest.public_id, Milestone.PAPERS, "另一份")


async def test_raw_sql_takes_nobody_in_alone_nor_without_a_mentor(db: None) -> None:
    nest = await Nest().begin()
    take_in = "UPDATE incubation SET status = 'diagnosis', decided_by = $1, decided_at = now(), mentor_id = $2"
    mentor, member = (await world.account(Role.VOLUNTEER)).actor, nest.organization.member.actor
    await refused("incubation_has_mentor", take_in, nest.officer.actor, None)
    await refused("incubation_decided_by_another", take_in, member, mentor)
    await refused("incubation_decided", "UPDATE incubation SET status = 'diagnosis', mentor_id = $1", mentor)
    await database.execute(take_in, nest.officer.actor, mentor)


async def test_raw_sql_leaves_no_stage_without_milestones_and_nobody_confirms_their_own(db: None) -> None:
    nest = await Nest().taken_in()
    for status in ("capacity", "practice", "graduated"):
        await refused("incubation_milestones", f"UPDATE incubation SET status = '{status}'")
    said = """INSERT INTO incubation_milestone (incubation_id, stage, code, evidence_zh, stated_by, stated_at,
                                                confirmed_by, confirmed_at)
              SELECT id, $1, $2, '证书', applied_by, now(), $3, now() FROM incubation"""
    await refused("incubation_milestone_stage", said, "capacity", "papers", nest.mentor.actor)
    await refused("incubation_milestone_stage", said, "diagnosis", "team", nest.mentor.actor)
    member = nest.organization.member.actor
    await refused("incubation_milestone_second_person", said, "diagnosis", "papers", member)
    for milestone, stage in rules.STAGE_OF.items():
        await database.execute(said, stage.value, milestone.value, nest.mentor.actor)
    graduate = "UPDATE incubation SET status = 'graduated', decided_by = $1"
    await refused("incubation_graduated_by_another", graduate, nest.mentor.actor)
    await database.execute(graduate, nest.officer.actor)


async def test_a_mentor_logs_meetings_that_were_held_and_nobody_else_does(db: None) -> None:
    nest = await Nest().taken_in()
    meeting = Meeting(clock.today(), 90, "财务制度", "下周交草案")
    await service.log_meeting(nest.mentor, nest.public_id, meeting)
    with pytest.raises(NotPermitted):
        await service.log_meeting(nest.officer, nest.public_id, meeting)
    with pytest.raises(InvalidInput) as wrong:
        await service.log_meeting(nest.mentor, nest.public_id, Meeting(clock.today() + timedelta(days=1), 5, "", " "))
    assert set(wrong.value.fields) == {"held_on", "minutes", "topic_zh", "next_zh"}
    ahead = """INSERT INTO mentoring_session (incubation_id, held_on, minutes, topic_zh, next_zh, mentor_id, logged_at)
               SELECT incubation_id, held_on + 1, minutes, topic_zh, next_zh, mentor_id, logged_at
               FROM mentoring_session"""
    await refused("mentoring_session_not_ahead", ahead)
    found = await queries.incubation(nest.officer, nest.public_id)
    assert (found.minutes, found.meetings[0].topic_zh) == (90, "财务制度")
    await refused("append_only", "DELETE FROM mentoring_session")


async def test_a_mentor_needs_an_account_and_a_decision_its_reason(db: None) -> None:
    nest = await Nest().begin()
    with pytest.raises(rules.MentorUnknown):
        await service.decide_incubation(nest.officer, nest.public_id, E.TAKE_IN, "可以", "13899999999")
    with pytest.raises(InvalidInput):
        await service.decide_incubation(nest.officer, nest.public_id, E.TAKE_IN, "可以", "不是号码")
    with pytest.raises(InvalidInput):
        await service.decide_incubation(nest.officer, nest.public_id, E.REFUSE, " ")
    stranger = await world.account(Role.CATALOGUE_REVIEWER, "330110")
    with pytest.raises(NotPermitted):
        await service.decide_incubation(stranger, nest.public_id, E.REFUSE, "不在本区")


async def test_two_applications_at_once_are_one(db: None) -> None:
    for _ in range(rounds(2, 100)):
        organization = await world.organization()
        tries = [
            service.apply_for_incubation(organization.member, organization.public_id, "学做讲座") for _ in range(4)
        ]
        done = await asyncio.gather(*tries, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done if isinstance(one, Exception)) == ["AlreadyIncubated"] * 3


async def test_who_left_may_apply_again(db: None) -> None:
    nest = await Nest().taken_in()
    with pytest.raises(InvalidInput):
        await service.leave_incubation(nest.organization.member, nest.public_id, "")
    await service.leave_incubation(nest.organization.member, nest.public_id, "人手不足")
    assert await nest.status() == "left"
    await service.apply_for_incubation(nest.organization.member, nest.organization.public_id, "再来一次")


async def test_the_pages_lead_from_application_to_confirmation(db: None) -> None:
    organization = await world.organization()
    officer = await world.account(Role.CATALOGUE_REVIEWER)
    await world.account(Role.VOLUNTEER, None, phone=PHONE)
    path = f"/my/organizations/{organization.public_id}"
    async with client(organization.member) as http:
        assert "/incubation" in (await http.get(path)).text
        assert (await http.post(f"{path}/incubation", data={"aim_zh": " "})).status_code == 422
        assert (await http.post(f"{path}/incubation", data={"aim_zh": "独立承办讲座"})).status_code == 303
        assert "等待工作人员受理" in (await http.get(f"{path}/incubation")).text
    found = await database.fetch_value("SELECT public_id FROM incubation")
    async with client(officer) as http:
        assert organization.member.name not in (await http.get("/review/incubation")).text
        wrong = await http.post(f"/mentoring/{found}/decide", data={"event": "take_in", "reason": "好"})
        assert wrong.status_code == 422
        said = {"event": "take_in", "reason": "符合条件", "mentor_phone": PHONE}
        assert (await http.post(f"/mentoring/{found}/decide", data=said)).status_code == 303
    async with client(organization.member) as http:
        stated = {"milestone": "papers", "evidence_zh": "登记证书"}
        assert (await http.post(f"{path}/incubation/milestones", data=stated)).status_code == 303
        early = {"milestone": "admission", "evidence_zh": "入围公告"}
        assert (await http.post(f"{path}/incubation/milestones", data=early)).status_code == 409
    async with client(officer) as http:
        assert (await http.post(f"/mentoring/{found}/confirm", data={"milestones": "papers"})).status_code == 303
    async with client(ANONYMOUS) as http:
        shown = (await http.get("/incubation")).text
        assert "1 / 9" in shown
        assert "0 / 20" in shown
        assert "入壳诊断" in (await http.get(f"/organizations/{organization.public_id}")).text
