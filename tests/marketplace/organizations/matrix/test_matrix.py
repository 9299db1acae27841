"""The matrix: who may provide what, under which paper, by which row of the rulebook, since when."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.settings import Settings
from app.rulebook import RuleNotVerified, queries
from app.rulebook.proposals.rules import Replacement
from app.rulebook.proposals.service import confirm_proposal, propose_figure
from app.rulebook.service import confirm_rules
from marketplace.organizations.matrix.queries import load_matrix, provisions, relied_matrix, rows_of
from marketplace.organizations.provision import Category, StaffCredential
from marketplace.organizations.rules import OrganizationKind
from marketplace.products import service
from marketplace.products.checking.queries import check_of, negative_list
from marketplace.products.service import SubmissionRefused
from tests import world
from tests.app.web.client import client
from tests.refusals import refused


async def decided(key: str, value: int, start: date | None = None) -> None:
    """Have two officers replace a row from a day on, tomorrow unless said otherwise."""
    row = await database.fetch_value("SELECT id FROM law_rule WHERE rule_key = $1 AND effective_to IS NULL", key)
    new = Replacement(Decimal(value), "《某某规定》", "第九条", start or clock.today() + timedelta(days=1))
    await propose_figure(await world.account(Role.PROCUREMENT_OFFICER), row, new)
    await confirm_proposal(await world.account(Role.PROCUREMENT_OFFICER), row)


def test_the_matrix_says_for_every_pair_what_the_guard_says() -> None:
    day = clock.today()
    shown = {row.category: dict(row.open_to) for row in rows_of(world.MATRIX, day)}
    for category, kind in product(Category, OrganizationKind):
        assert shown[category].get(kind) == world.MATRIX.provision_for(category, kind, day)


def test_rows_are_dated() -> None:
    aid = [row for row in provisions(world.MATRIX, date(2021, 12, 31)) if row.category is Category.LEGAL_AID]
    assert aid == []
    assert any(row.category is Category.LEGAL_AID for row in provisions(world.MATRIX, date(2022, 1, 1)))


async def test_everybody_reads_the_matrix_with_papers_sources_and_days(db: None) -> None:
    async with client() as http:
        page = await http.get("/organizations/matrix")
        before = await http.get("/organizations/matrix?on=2021-01-01")
        rows = (await http.get("/api/v1/provisions")).json()["items"]
    assert "律师事务所执业许可证" in page.text
    assert "《中华人民共和国法律援助法》" in page.text
    assert "《中华人民共和国法律援助法》" not in before.text
    assert "负面清单：政府不能购买的" in page.text
    assert "招聘用工、劳务派遣、公益性岗位" in page.text
    notary = next(row for row in rows if row["category"] == "notarization")
    assert (notary["kind"], notary["effective_from"], notary["verified"]) == ("notary_office", "2006-03-01", False)


async def test_what_two_officers_decide_opens_and_closes_a_category_from_its_day(db: None) -> None:
    firm = await world.organization(OrganizationKind.LAW_FIRM)
    await decided("provider.legal_aid.law_firm", 0)
    await decided("provider.notarization.law_firm", 1)
    await decided("staff.legal_education.lecturer", 0)
    await decided("guidance.mediation", 0)
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    matrix = await load_matrix()
    before, after = (set(matrix.may_provide(OrganizationKind.LAW_FIRM, day)) for day in (today, tomorrow))
    assert (before - after, after - before) == ({Category.LEGAL_AID}, {Category.NOTARIZATION})
    assert StaffCredential.LECTURER not in matrix.staff(Category.LEGAL_EDUCATION, tomorrow)
    content = world.content(Category.LEGAL_AID)
    [ahead] = (await check_of(firm.member, firm.public_id, Category.LEGAL_AID, content, 9)).warnings
    assert (ahead.field, ahead.due, ahead.citation.document) == ("category", tomorrow, "《某某规定》")
    with clock.travelled_to(clock.now() + timedelta(days=1)):
        for category, article in ((Category.LEGAL_AID, "第九条"), (Category.MEDIATION, "第九条")):
            check = await check_of(firm.member, firm.public_id, category, world.content(category), 9)
            assert [(fault.field, fault.citation.article) for fault in check.faults] == [("category", article)]
        async with client() as http:
            shown = (await http.get("/organizations/matrix")).text
            assert "没有列入政府购买服务指导性目录" in shown
            assert "《某某规定》" in shown


async def test_an_entry_of_the_negative_list_ends_by_the_rulebook(db: None) -> None:
    before = await negative_list(clock.today())
    await decided("negative.financing", 0)
    after = await negative_list(clock.today() + timedelta(days=1))
    assert len(before) - len(after) == 1
    assert {entry.rule.key for entry in before} - {entry.rule.key for entry in after} == {"negative.financing"}


async def test_in_production_nothing_is_decided_by_a_row_that_nobody_confirmed(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = await world.draft_product()
    monkeypatch.setattr(queries, "settings", lambda: Settings(mode="production"))
    with pytest.raises(RuleNotVerified):
        await service.submit_products(draft.organization.member, [draft.reference])
    with pytest.raises(RuleNotVerified):
        await relied_matrix(Category.NOTARIZATION, clock.today())
    async with client() as http:
        assert "†" in (await http.get("/organizations/matrix")).text
    rows = await database.fetch("SELECT id, value FROM law_rule WHERE NOT text_read")
    officer = await world.account(Role.PROCUREMENT_OFFICER)
    await confirm_rules(officer, {row["id"]: row["value"] for row in rows})
    await service.submit_products(draft.organization.member, [draft.reference])
    async with client() as http:
        assert "）第六条 †" not in (await http.get("/organizations/matrix")).text


async def test_the_database_takes_no_submission_that_the_matrix_of_the_day_closes(db: None) -> None:
    draft = await world.draft_product()
    await decided("provider.legal_education.service_institution", 0)
    with clock.travelled_to(clock.now() + timedelta(days=1)):
        with pytest.raises(SubmissionRefused) as refusal:
            await service.submit_products(draft.organization.member, [draft.reference])
        [ground] = refusal.value.grounds
        assert (str(ground.document), str(ground.article)) == ("《某某规定》", "第九条")
    await database.execute(
        """INSERT INTO product_declaration (product_id, product_version, declared_by, declared_at)
           VALUES ($1, 1, $2, now())""",
        *(draft.id, draft.organization.member.actor),
    )
    submit = "UPDATE product SET status = 'submitted', submitted_at = now() + $2 * interval '1 day' WHERE id = $1"
    await refused("product_within_matrix", submit, draft.id, 1)
    await database.execute(submit, draft.id, 0)
