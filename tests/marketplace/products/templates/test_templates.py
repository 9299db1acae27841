"""Templates: each is complete but for areas and price, copied in one click, remembered by the product."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock, database
from app.core.errors import NotFound
from marketplace import law
from marketplace.organizations.provision import EVIDENCE, LICENCE_OF, Category, QualificationKind
from marketplace.organizations.qualifications import service as papers
from marketplace.organizations.qualifications.rules import Paper
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.rules import OrganizationKind
from marketplace.products import queries, service
from marketplace.products.checking.negative_list import entries_on, hints
from marketplace.products.checking.queries import check_of
from marketplace.products.content import ProductContent, value_faults
from marketplace.products.guards import Provider, Submission, submission_faults
from marketplace.products.templates import queries as used
from marketplace.products.templates.collection import Template, TemplateUnknown, open_to, templates
from marketplace.products.templates.service import TemplateNotForKind, copy_template
from tests import world
from tests.app.web.client import client

ALL = list(templates().values())


def _provider(kind: OrganizationKind) -> Provider:
    shown = (LICENCE_OF[kind], *EVIDENCE)
    return Provider(kind, True, tuple(Paper(paper, clock.today(), None, verified=True) for paper in shown))


def _completed(content: ProductContent, price_fen: int) -> ProductContent:
    written = {name: getattr(content, name) for name in ProductContent.__dataclass_fields__}
    return ProductContent(**(written | {"areas": ("3301",), "ceiling_fen": price_fen}))


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.code)
async def test_a_template_passes_once_areas_and_price_are_added_and_lacks_nothing_else(db: None, one: Template) -> None:
    ceilings = await law.ceilings_on(clock.today())
    assert one.content.unit is not None
    for kind in world.MATRIX.kinds_that_may(one.category, clock.today()):
        provider = _provider(kind)
        rest = (provider, clock.today(), ceilings, world.MATRIX)
        bare = Submission(one.category, one.content, *rest, monthly_units=one.monthly_units)
        priced = _completed(one.content, ceilings[one.content.unit])
        whole = Submission(one.category, priced, *rest, monthly_units=one.monthly_units)
        assert [fault.field for fault in submission_faults(bare)] == ["areas"]
        assert submission_faults(whole) == []


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.code)
def test_a_template_is_well_written_in_both_languages_and_off_the_negative_list(one: Template) -> None:
    assert value_faults(one.content) == {}
    assert all((one.content.title_en, one.content.summary_en, one.purpose_zh, one.purpose_en))
    assert all(len(getattr(one.content, name)) <= 200 for name in ("summary_zh", "summary_en"))
    assert all(len(getattr(one.content, name)) >= 20 for name in ("content_zh", "standard_zh", "process_zh"))
    assert hints(one.content, entries_on(world.NEGATIVE, clock.today())) == []


def test_every_category_has_a_template_and_titles_are_told_apart() -> None:
    assert {one.category for one in ALL} == set(Category)
    assert len({one.content.title_zh for one in ALL}) == len(ALL) >= 12
    assert templates()["wage_claims_lecture"].content.title_zh == "农民工讨薪讲堂"


@pytest.mark.parametrize("kind", OrganizationKind)
def test_only_what_the_kind_may_provide_is_offered(kind: OrganizationKind) -> None:
    offered = {one.category for one in open_to(world.MATRIX, kind, clock.today())}
    assert offered == {one.category for one in ALL if kind in world.MATRIX.kinds_that_may(one.category, clock.today())}


async def test_a_copy_is_a_draft_of_the_organizations_own_that_remembers_its_template(db: None) -> None:
    firm = await world.organization(OrganizationKind.LAW_FIRM)
    saved = await copy_template(firm.member, firm.public_id, "wage_claims_lecture")
    product = await queries.product_in_full(firm.member, saved.reference)
    assert (product.stage.code, product.organization_id) == ("draft", firm.id)
    assert product.latest.content == templates()["wage_claims_lecture"].content
    from_template = "SELECT template_code FROM product WHERE reference = $1"
    assert await database.fetch_value(from_template, saved.reference) == "wage_claims_lecture"
    again = await service.save_product(firm.member, saved.reference, 1, world.content())
    assert await database.fetch_value(from_template, again.reference) == "wage_claims_lecture"
    assert await used.uses() == {}


async def test_a_template_is_not_copied_for_another_organization_or_a_kind_that_may_not(db: None) -> None:
    social, firm = await world.organization(), await world.organization(OrganizationKind.LAW_FIRM)
    with pytest.raises(NotFound):
        await copy_template(social.member, firm.public_id, "wage_claims_lecture")
    with pytest.raises(TemplateNotForKind):
        await copy_template(social.member, social.public_id, "drafting_for_legal_aid")
    with pytest.raises(TemplateUnknown):
        await copy_template(firm.member, firm.public_id, "nothing_of_the_kind")


async def test_two_things_are_named_when_the_licence_ends_soon_and_no_area_is_chosen(db: None) -> None:
    """The sale's moment: the lecture copied, two things named, each with how to mend it."""
    ends = clock.today() + timedelta(days=40)
    firm = await _firm_whose_licence_ends(ends)
    saved = await copy_template(firm.member, firm.public_id, "wage_claims_lecture")
    product = await queries.product_in_full(firm.member, saved.reference)
    check = await check_of(firm.member, firm.public_id, product.category, product.latest.content, product.monthly_units)
    assert [str(fault.message) for fault in check.faults] == ["没有选“服务区域”。"]
    [warning] = check.warnings
    assert f"{ends.month} 月 {ends.day} 日" in str(warning.message)
    assert str(warning.message).startswith("资质“律师事务所执业许可证”")
    assert str(warning.message).endswith("到期：上传新证。")
    assert warning.due == ends + timedelta(days=1)
    assert check.hints == ()
    assert all(str(found.remedy) for found in (*check.faults, *check.warnings))


async def _firm_whose_licence_ends(ends: Any) -> world.Organization:
    made, stated = await world.applied_organization(OrganizationKind.LAW_FIRM, papers=EVIDENCE)
    licence = world.statement(QualificationKind.LAW_PRACTICE, ends)
    stated += await papers.state_qualifications(made.member, [(made.public_id, licence)])
    officer = await world.reviewer()
    await papers.decide_qualifications(officer, [PaperDecision(paper, genuine=True) for paper in stated])
    await world.verify(made, officer)
    return made


async def test_the_page_offers_tiles_and_one_click_leads_to_the_form(db: None) -> None:
    social = await world.organization()
    async with client(social.member) as http:
        shown = await http.get("/my/products/templates")
        form = {"organization": str(social.public_id), "template": "mediation_in_the_community"}
        made = await http.post("/my/products/templates", data=form)
        edit = await http.get(made.headers["location"])
        english = await http.get("/my/products/templates?lang=en")
    assert "农民工讨薪讲堂" in shown.text
    assert "公证进社区" not in shown.text
    assert "从空白开始" in shown.text
    assert "调解进社区" in edit.text
    assert "没有选“服务区域”。" in edit.text
    assert "Mediation in the community" in english.text


async def test_programs_list_and_copy_templates(db: None) -> None:
    notary = await world.organization(OrganizationKind.NOTARY_OFFICE)
    async with client(notary.member) as http:
        listed = await http.get("/api/v1/product-templates")
        made = await http.post(
            "/api/v1/product-templates/notary_in_the_community/copies", json={"organization": str(notary.public_id)}
        )
        refused = await http.post(
            "/api/v1/product-templates/appraisal_advice/copies", json={"organization": str(notary.public_id)}
        )
    assert len(listed.json()["items"]) == len(ALL)
    assert made.json()["version"] == 1
    assert (refused.status_code, refused.json()["code"]) == (409, "template_not_for_kind")
