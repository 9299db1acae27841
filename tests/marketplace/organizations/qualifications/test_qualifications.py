"""Papers: stated by members, verified by a named officer of the place, renewed as new rows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused
from marketplace.organizations import queries
from marketplace.organizations.provision import QualificationKind
from marketplace.organizations.qualifications import service
from marketplace.organizations.qualifications.rules import PaperState, QualificationDecided, QualificationExists
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.rules import ReasonsMissing
from tests import world
from tests.refusals import refused

LICENCE = QualificationKind.REGISTRATION


async def _states(made: world.Organization) -> list[PaperState]:
    view = await queries.organization_in_full(made.member, made.public_id)
    return [paper.state for paper in view.qualifications]


async def test_a_stated_paper_waits_until_an_officer_has_looked_at_it(db: None) -> None:
    made, [paper] = await world.applied_organization(papers=[LICENCE])
    assert await _states(made) == [PaperState.PENDING]
    officer = await world.reviewer()
    await service.decide_qualifications(officer, [PaperDecision(paper, genuine=True)])
    [view] = (await queries.organization_in_full(made.member, made.public_id)).qualifications
    assert (view.state, view.verified_by) == (PaperState.VALID, officer.name)


async def test_a_paper_expires_the_day_after_its_last(db: None) -> None:
    last = clock.today() + timedelta(days=30)
    made = await world.organization(papers=[LICENCE], valid_until=last)
    with clock.travelled_to(clock.at_local(last, clock.local(clock.now()).time())):
        assert await _states(made) == [PaperState.VALID]
    with clock.travelled_to(clock.now() + timedelta(days=31)):
        assert await _states(made) == [PaperState.EXPIRED]


async def test_the_database_keeps_a_verified_paper_as_it_was_verified(db: None) -> None:
    made = await world.organization(papers=[LICENCE], valid_until=clock.today() + timedelta(days=30))
    for change in ("valid_until = valid_until + 365", "number = 'x'", "verified_by = NULL, verified_at = NULL"):
        await refused("qualification_verified_stays", f"UPDATE qualification SET {change}")
    await refused("qualification_verified_stays", "DELETE FROM qualification")
    assert await _states(made) == [PaperState.VALID]


async def test_a_refused_paper_carries_its_reason(db: None) -> None:
    made, [paper] = await world.applied_organization(papers=[LICENCE])
    officer = await world.reviewer()
    with pytest.raises(ReasonsMissing):
        await service.decide_qualifications(officer, [PaperDecision(paper, genuine=False, reason=" ")])
    await service.decide_qualifications(officer, [PaperDecision(paper, genuine=False, reason="编号查无此证")])
    [view] = (await queries.organization_in_full(made.member, made.public_id)).qualifications
    assert (view.state, view.refused_reason) == (PaperState.REFUSED, "编号查无此证")


async def test_a_paper_is_decided_once(db: None) -> None:
    _, [paper] = await world.applied_organization(papers=[LICENCE])
    await service.decide_qualifications(await world.reviewer(), [PaperDecision(paper, genuine=True)])
    with pytest.raises(QualificationDecided):
        await service.decide_qualifications(await world.reviewer(), [PaperDecision(paper, False, "重复")])


async def test_papers_are_decided_in_the_officers_own_place_only(db: None) -> None:
    _, [paper] = await world.applied_organization(papers=[LICENCE])
    with pytest.raises(NotPermitted):
        await service.decide_qualifications(await world.reviewer("330110"), [PaperDecision(paper, genuine=True)])
    with pytest.raises(NotFound):
        await service.decide_qualifications(await world.reviewer(), [PaperDecision(10**9, genuine=True)])


async def test_who_states_a_paper_does_not_verify_it(db: None) -> None:
    made, _ = await world.applied_organization(papers=[])
    everywhere = Scope(("3301",))
    scopes = {Permission.ORGANIZATION_MANAGE: everywhere, Permission.ORGANIZATION_VERIFY: everywhere}
    clerk = Principal((await world.account()).account_id, kind="session", scopes=scopes)
    [paper] = await service.state_qualifications(clerk, [(made.public_id, world.statement(LICENCE))])
    with pytest.raises(SamePersonRefused):
        await service.decide_qualifications(clerk, [PaperDecision(paper, genuine=True)])


async def test_papers_are_stated_for_ones_own_organization(db: None) -> None:
    made, _ = await world.applied_organization()
    other, _ = await world.applied_organization()
    with pytest.raises(NotPermitted):
        await service.state_qualifications(other.member, [(made.public_id, world.statement(LICENCE))])


async def test_a_paper_is_stated_once_and_renewed_as_a_new_row(db: None) -> None:
    made, _ = await world.applied_organization(papers=[])
    paper = world.statement(LICENCE)
    await service.state_qualifications(made.member, [(made.public_id, paper)])
    with pytest.raises(QualificationExists):
        await service.state_qualifications(made.member, [(made.public_id, paper)])
    renewed = replace(paper, valid_from=clock.today())
    await service.state_qualifications(made.member, [(made.public_id, renewed)])
    assert await database.fetch_value("SELECT count(DISTINCT number) FROM qualification") == 1
    assert await _states(made) == [PaperState.PENDING, PaperState.PENDING]


@pytest.mark.parametrize(
    "wrong", [{"number": ""}, {"issuer_zh": " "}, {"valid_until": "before"}, {"valid_until": "over"}]
)
async def test_a_faulty_statement_is_refused(db: None, wrong: dict[str, str]) -> None:
    made, _ = await world.applied_organization(papers=[])
    paper = world.statement(LICENCE)
    days = {"before": paper.valid_from - timedelta(days=1), "over": clock.today() - timedelta(days=1)}
    changed = {name: days.get(value, value) for name, value in wrong.items()}
    with pytest.raises(InvalidInput):
        await service.state_qualifications(made.member, [(made.public_id, replace(paper, **changed))])
