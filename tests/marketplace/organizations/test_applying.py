"""Organizations apply, officers decide: who may, what is kept, what the database refuses by itself."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from app.accounts import principals
from app.core import clock, database
from app.core.access import ANONYMOUS, Permission, Principal, Role, Scope
from app.core.errors import EditConflict, InvalidInput, NotFound, NotPermitted, NotSignedIn, SamePersonRefused
from marketplace.organizations import queries, service
from marketplace.organizations.provision import Category, QualificationKind
from marketplace.organizations.qualifications import service as papers
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.rules import (
    LicenceNotVerified,
    OrganizationEvent,
    OrganizationExists,
    OrganizationKind,
    TiedToOrganization,
)
from marketplace.organizations.service import OrganizationDecision, Profile
from tests import world

ACCOUNT = "1202020209900012345"


def _decision(made: world.Organization, event: OrganizationEvent = OrganizationEvent.VERIFY) -> OrganizationDecision:
    return OrganizationDecision(made.public_id, event, "证照齐全。")


async def _status(made: world.Organization) -> str:
    return str(await database.fetch_value("SELECT status FROM organization WHERE id = $1", made.id))


async def test_an_applicant_becomes_the_first_member(db: None) -> None:
    made, _ = await world.applied_organization()
    assert [row.public_id for row in await queries.my_organizations(made.member)] == [made.public_id]
    assert await _status(made) == "applied"


async def test_applying_needs_an_account(db: None) -> None:
    with pytest.raises(NotSignedIn):
        await service.apply_organization(ANONYMOUS, world.application())


async def test_a_credit_code_is_registered_once(db: None) -> None:
    made, _ = await world.applied_organization()
    with pytest.raises(OrganizationExists):
        await service.apply_organization(await world.account(), world.application(uscc=made.uscc))


async def test_a_faulty_application_leaves_nothing_behind(db: None) -> None:
    founder = await world.account()
    for application in (world.application(uscc="1" * 18), world.application(place="330199")):
        with pytest.raises(InvalidInput):
            await service.apply_organization(founder, application)
    assert await database.fetch_value("SELECT count(*) FROM organization") == 0
    assert await database.fetch_value("SELECT count(*) FROM membership WHERE role = 'provider'") == 0


async def test_verification_is_an_officers_with_reasons_and_a_name(db: None) -> None:
    made = await world.organization()
    row = await database.fetch_one(
        """SELECT o.status, o.decision_reason, account.display_name FROM organization o
           JOIN account ON account.id = o.decided_by WHERE o.id = $1""",
        made.id,
    )
    assert row is not None
    assert row["status"] == "verified"
    assert row["decision_reason"]
    assert row["display_name"].startswith("catalogue_reviewer")


async def test_an_officer_of_another_district_may_not_decide(db: None) -> None:
    made, _ = await world.applied_organization()
    with pytest.raises(NotPermitted):
        await service.decide_organizations(await world.reviewer("330110"), [_decision(made)])


async def test_a_member_does_not_decide_nor_does_one_who_left_last_year(db: None) -> None:
    made, _ = await world.applied_organization()
    await database.execute(
        """INSERT INTO membership (account_id, role, place_code, valid_from)
           VALUES ($1, 'catalogue_reviewer', '3301', now())""",
        made.member.actor,
    )
    both = await principals.principal_of_account(made.member.actor)
    with pytest.raises(TiedToOrganization):
        await service.decide_organizations(both, [_decision(made, OrganizationEvent.REFUSE)])
    officer = await world.reviewer()
    await database.execute(
        """INSERT INTO membership (account_id, role, organization_id, valid_from, valid_until)
           VALUES ($1, 'provider', $2, $3, $4)""",
        officer.actor,
        made.id,
        clock.now() - timedelta(days=900),
        clock.now() - timedelta(days=365),
    )
    with pytest.raises(TiedToOrganization):
        await service.decide_organizations(officer, [_decision(made, OrganizationEvent.REFUSE)])
    with clock.travelled_to(clock.now() + timedelta(days=3 * 366)):
        await service.decide_organizations(officer, [_decision(made, OrganizationEvent.REFUSE)])


async def test_who_took_an_application_in_does_not_decide_on_it(db: None) -> None:
    coordinator = await world.account(Role.COORDINATOR)
    [taken_in] = await service.register_organizations(coordinator, [world.application()])
    scopes = {Permission.ORGANIZATION_VERIFY: Scope(("3301",))}
    same = Principal(coordinator.account_id, kind="session", scopes=scopes)
    refusal = OrganizationDecision(taken_in.public_id, OrganizationEvent.REFUSE, "不符合条件")
    with pytest.raises(SamePersonRefused):
        await service.decide_organizations(same, [refusal])
    await service.decide_organizations(await world.reviewer(), [refusal])


async def test_the_database_itself_refuses_the_same_person(db: None) -> None:
    made = await world.organization()
    with pytest.raises(asyncpg.CheckViolationError, match="organization_decided_by_another"):
        await database.execute("UPDATE organization SET decided_by = applied_by WHERE id = $1", made.id)
    with pytest.raises(asyncpg.CheckViolationError, match="qualification_verified_by_another"):
        stated, _ = await world.applied_organization()
        verified = "UPDATE qualification SET verified_by = added_by, verified_at = now() WHERE organization_id = $1"
        await database.execute(verified, stated.id)


async def test_many_applications_are_taken_in_and_decided_at_once(db: None) -> None:
    coordinator, officer = await world.account(Role.COORDINATOR), await world.reviewer()
    taken_in = await service.register_organizations(coordinator, [world.application() for _ in range(30)])
    licences = [(one.public_id, world.statement(QualificationKind.REGISTRATION)) for one in taken_in]
    ids = await papers.state_qualifications(coordinator, licences)
    await papers.decide_qualifications(officer, [PaperDecision(paper, genuine=True) for paper in ids])
    await service.decide_organizations(
        officer, [OrganizationDecision(one.public_id, OrganizationEvent.VERIFY, "核对无误") for one in taken_in]
    )
    assert await database.fetch_value("SELECT count(*) FROM organization WHERE status = 'verified'") == 30
    audited = "SELECT count(*) FROM audit_event WHERE action = 'organization.verify'"
    assert await database.fetch_value(audited) == 30


async def test_one_bad_decision_undoes_the_whole_batch(db: None) -> None:
    good, paper_ids = await world.applied_organization()
    bad, _ = await world.applied_organization()
    officer = await world.reviewer()
    await papers.decide_qualifications(officer, [PaperDecision(paper, genuine=True) for paper in paper_ids])
    with pytest.raises(LicenceNotVerified):
        await service.decide_organizations(officer, [_decision(good), _decision(bad)])
    assert await _status(good) == "applied"


async def test_a_refused_organization_learns_why_and_applies_again(db: None) -> None:
    made, _ = await world.applied_organization()
    await service.decide_organizations(await world.reviewer(), [_decision(made, OrganizationEvent.REFUSE)])
    notice = await database.fetch_one("SELECT detail::text FROM notification WHERE account_id = $1", made.member.actor)
    assert notice is not None
    assert "证照齐全。" in notice["detail"]
    again = world.application(uscc=made.uscc, name_zh="更名后的中心")
    with pytest.raises(InvalidInput):
        await service.reapply_organization(made.member, made.public_id, world.application())
    await service.reapply_organization(made.member, made.public_id, again)
    view = await queries.organization_in_full(made.member, made.public_id)
    assert (view.status, view.name_zh, view.decision_reason) == ("applied", "更名后的中心", "")


async def test_a_profile_is_edited_from_its_latest_version_only(db: None) -> None:
    made = await world.organization()
    first = Profile("Test Centre", "甲", "")
    assert await service.edit_profile(made.member, made.public_id, 1, first) == 2
    with pytest.raises(EditConflict):
        await service.edit_profile(made.member, made.public_id, 1, Profile("", "乙", ""))
    with pytest.raises(NotPermitted):
        await service.edit_profile((await world.organization()).member, made.public_id, 2, first)


async def test_an_account_number_is_sealed_masked_and_revealed_on_record(db: None) -> None:
    made = await world.organization(bank_name="工商银行杭州分行", bank_account=ACCOUNT)
    stored = await database.fetch_value("SELECT bank_account_sealed FROM organization WHERE id = $1", made.id)
    assert ACCOUNT.encode() not in stored
    assert (
        await queries.organization_in_full(made.member, made.public_id)
    ).bank_account_masked == "120************2345"
    assert (await queries.public_profile(made.public_id)).bank_account_masked == ""
    with pytest.raises(NotPermitted):
        await service.reveal_bank_account(made.member, made.public_id)
    revealer = Principal(made.member.account_id, scopes={Permission.ACCOUNT_REVEAL: Scope(("",))}, kind="session")
    assert await service.reveal_bank_account(revealer, made.public_id) == ACCOUNT
    looked = "SELECT count(*) FROM audit_event WHERE action = 'organization.bank_account_revealed'"
    assert await database.fetch_value(looked) == 1


async def test_the_audit_trail_holds_no_names_and_no_accounts(db: None) -> None:
    await world.organization(bank_name="工商银行", bank_account=ACCOUNT, name_zh="不应出现的名称")
    trail = await database.fetch_value("SELECT string_agg(detail::text, '') FROM audit_event")
    assert ACCOUNT not in trail
    assert "不应出现的名称" not in trail


async def test_the_public_sees_verified_organizations_only(db: None) -> None:
    waiting, _ = await world.applied_organization()
    verified = await world.organization(OrganizationKind.LAW_FIRM, place="330110")
    with pytest.raises(NotFound):
        await queries.public_profile(waiting.public_id)
    with pytest.raises(NotFound):
        await queries.public_profile(uuid4())
    profile = await queries.public_profile(verified.public_id)
    assert Category.LEGAL_AID in profile.may_provide
    assert {paper.kind for paper in profile.qualifications} >= {QualificationKind.LAW_PRACTICE}


async def test_the_list_filters_by_kind_place_category_and_name(db: None) -> None:
    firm = await world.organization(OrganizationKind.LAW_FIRM, place="330110", name_zh="浙江清波律师事务所")
    await world.organization(place="330106")

    async def found(**asked: object) -> list[int]:
        return [row.id for row in await queries.list_organizations(**asked)]  # type: ignore[arg-type]

    assert len(await found()) == 2
    assert await found(kind=OrganizationKind.LAW_FIRM) == [firm.id]
    assert await found(place_code="330110") == [firm.id]
    assert await found(category=Category.LEGAL_AID) == [firm.id]
    assert await found(text="清波") == [firm.id]
    assert await found(text="%") == await found()
    assert await found(category=Category.NOTARIZATION) == []


async def test_an_officer_sees_what_waits_in_his_own_places(db: None) -> None:
    here, _ = await world.applied_organization(place="330106")
    await world.applied_organization(place="330110")
    waiting = await queries.waiting_for_officer(await world.reviewer("330106"))
    assert [(row.public_id, row.pending_papers) for row in waiting] == [(here.public_id, 5)]


async def test_a_stranger_reads_nothing_of_an_application(db: None) -> None:
    made, _ = await world.applied_organization()
    for stranger in (await world.account(), await world.reviewer("330110"), (await world.organization()).member):
        with pytest.raises(NotFound):
            await queries.organization_in_full(stranger, made.public_id)
    assert (await queries.organization_in_full(await world.reviewer(), made.public_id)).uscc == made.uscc
