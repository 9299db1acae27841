"""Looking ahead: what is in order today and will not be on a date; what to look at twice; the declaration."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from marketplace.organizations.provision import EVIDENCE, LICENCE_OF, Category, QualificationKind
from marketplace.organizations.qualifications.rules import Paper
from marketplace.organizations.rules import EXCLUDED, Funding, OrganizationKind
from marketplace.products import service
from marketplace.products.checking.negative_list import Entry, declared_by, entries_on, hints
from marketplace.products.checking.queries import standing_check
from marketplace.products.checking.rules import Horizon, warnings
from marketplace.products.guards import Fault, Provider, Submission, submission_faults
from marketplace.products.service import NotDeclared
from tests import world
from tests.app.web.client import client
from tests.refusals import refusal_by, refused

TODAY = date(2026, 11, 22)
HORIZON = Horizon(TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=60))
LICENCE = QualificationKind.LAW_PRACTICE
KIND = OrganizationKind.LAW_FIRM


def _until(days: int | None, verified: bool = True, since: int = -300) -> Paper:
    last = None if days is None else TODAY + timedelta(days=days)
    return Paper(LICENCE, TODAY + timedelta(days=since), last, verified=verified)


def _submission(*licences: Paper, **provider: object) -> Submission:
    evidence = tuple(Paper(kind, date(2025, 1, 1), None, verified=True) for kind in EVIDENCE)
    who = replace(Provider(KIND, True, (*licences, *evidence)), **provider)  # type: ignore[arg-type]
    content = world.content(Category.LEGAL_AID)
    return Submission(Category.LEGAL_AID, content, who, TODAY, {}, world.MATRIX, monthly_units=9)


def _warned(*licences: Paper) -> list[Fault]:
    return warnings(_submission(*licences), HORIZON)


@pytest.mark.parametrize(("days", "warned"), [(None, 0), (61, 0), (60, 0), (59, 1), (9, 1), (0, 1)])
def test_a_paper_is_warned_of_within_the_period(days: int | None, warned: int) -> None:
    assert len(_warned(_until(days))) == warned


def test_a_paper_that_ends_before_the_review_says_so() -> None:
    [before], [after] = _warned(_until(8)), _warned(_until(9))
    assert "审查最迟12 月 1 日答复" in str(before.remedy)
    assert "审查最迟" not in str(after.remedy)


def test_a_review_longer_than_the_warning_is_looked_at_to_its_end() -> None:
    short = replace(HORIZON, warned_until=TODAY + timedelta(days=3))
    assert len(warnings(_submission(_until(8)), short)) == 1
    assert warnings(_submission(_until(9)), short) == []


def test_a_verified_renewal_ends_the_warning_and_a_stated_one_changes_it() -> None:
    ending = _until(20)
    assert _warned(ending, _until(400, since=21)) == []
    assert len(_warned(ending, _until(400, since=22))) == 1  # a day without a licence lies between
    [waiting] = _warned(ending, _until(400, verified=False, since=21))
    assert "新证等待核验" in str(waiting.message)


def test_what_is_a_fault_today_is_no_warning() -> None:
    assert _warned(_until(-1)) == []
    assert len(submission_faults(_submission(_until(-1)))) == 1


def test_a_date_of_another_year_names_the_year() -> None:
    assert "2027 年 1 月 11 日" in str(_warned(_until(50))[0].message)


@given(st.lists(st.tuples(st.integers(-50, 80), st.integers(0, 60)), max_size=5))
def test_what_is_warned_of_is_refused_on_its_date_and_not_a_day_before(terms: list[tuple[int, int]]) -> None:
    papers = [_until(start + length, since=start) for start, length in terms]
    submission = _submission(*papers)
    for warning in warnings(submission, HORIZON):
        assert warning.due is not None
        on, before = (replace(submission, day=warning.due - timedelta(days=days)) for days in (0, 1))
        assert any(fault.field == "qualifications" for fault in submission_faults(on))
        assert submission_faults(before) == []


@pytest.mark.parametrize("funding", sorted(EXCLUDED))
def test_who_may_not_provide_at_all_is_told_so_with_the_article(funding: Funding) -> None:
    [fault] = submission_faults(_submission(_until(None), funding=funding))
    assert (fault.field, fault.citation.article) == ("organization", "第八条")


def test_a_public_institution_states_its_class_and_others_need_not() -> None:
    assert submission_faults(_submission(_until(None), funding=None)) == []
    [fault] = submission_faults(_submission(_until(None), funding=None, public_institution=True))
    assert "公益一类还是公益二类" in str(fault.message)
    assert submission_faults(_submission(_until(None), funding=Funding.PUBLIC_TWO, public_institution=True)) == []


@pytest.mark.parametrize("entry", entries_on(world.NEGATIVE, TODAY), ids=lambda entry: entry.rule.key)
def test_words_of_the_negative_list_point_to_their_field_and_a_denial_does_not(entry: Entry) -> None:
    word = entry.words[0]
    today = entries_on(world.NEGATIVE, TODAY)
    [hint] = hints(world.content(content_zh=f"本服务包含{word}等内容。"), today)
    assert (hint.entry, hint.field, hint.word) == (entry, "content_zh", word)
    assert hints(world.content(content_zh=f"本服务不含{word}。"), today) == []
    assert entries_on(world.NEGATIVE, date(2019, 1, 1)) == []


def test_the_declaration_is_confirmed_when_every_entry_is() -> None:
    entries = entries_on(world.NEGATIVE, TODAY)
    assert not declared_by(entries).verified
    confirmed = [replace(entry, rule=replace(entry.rule, verified_by=1)) for entry in entries]
    assert declared_by(confirmed).verified
    assert not declared_by([*confirmed[1:], entries[0]]).verified


async def test_a_word_is_shown_to_the_reviewer_and_refuses_nothing(db: None) -> None:
    product = await world.submitted_product(content_zh="讲座之外提供设备采购和调试，现场答疑。")
    officer = await world.reviewer()
    check = await standing_check(officer, product.reference)
    assert (check.faults, [hint.word for hint in check.hints]) == ((), ["设备采购"])
    async with client(officer) as http:
        page = await http.get(f"/review/products/{product.reference}")
    assert "对照负面清单看一眼" in page.text


async def test_who_submits_declares_by_name_and_no_tick_is_no_submission(db: None) -> None:
    product = await world.draft_product()
    member = product.organization.member
    with pytest.raises(NotDeclared):
        await service.submit_products(member, [product.reference], declared=False)
    async with client(member) as http:
        refused = await http.post("/my/products/submit", data={"references": product.reference})
        sent = await http.post("/my/products/submit", data={"references": product.reference, "declared": "on"})
    assert (refused.status_code, sent.status_code) == (422, 303)
    declared = await database.fetch_one("SELECT declared_by, product_version FROM product_declaration")
    assert declared == {"declared_by": member.actor, "product_version": 1}


async def test_the_database_refuses_a_submission_that_nobody_declared(db: None) -> None:
    product = await world.draft_product()
    submit = "UPDATE product SET status = 'submitted', submitted_at = now() WHERE id = $1"
    await refused("product_submission_declared", submit, product.id)
    listed = await world.listed_product(product.organization)
    await service.save_product(product.organization.member, listed.reference, 1, world.content())
    await refused("product_submission_declared", "UPDATE product SET revision = 'submitted' WHERE id = $1", listed.id)
    await refused(
        "product_declared_once",
        """INSERT INTO product_declaration (product_id, product_version, declared_by, declared_at)
           SELECT product_id, product_version, declared_by, now() FROM product_declaration""",
    )


async def test_the_database_lists_nothing_that_nobody_declared(db: None) -> None:
    product, officer = await world.draft_product(), await world.reviewer()
    async with refusal_by("product_verdict_in_turn"):
        await database.execute(
            """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
               SELECT id, author_id, $2, 'list', 'x', now() FROM product_version WHERE product_id = $1""",
            *(product.id, officer.actor),
        )
        await database.execute("UPDATE product SET status = 'listed', listed_version = 1 WHERE id = $1", product.id)


async def test_the_live_check_answers_while_typing_with_links_to_field_paper_and_matrix(db: None) -> None:
    provider = await world.organization(valid_until=clock.today() + timedelta(days=12))
    typed = {"organization": str(provider.public_id), "category": "legal_aid", "title_zh": "只有名称"}
    async with client(provider.member) as http:
        answer = await http.post("/my/products/check", data=typed)
    assert "#field-content_zh" in answer.text
    assert "/organizations/matrix" in answer.text
    typed["category"] = "legal_education"
    async with client(provider.member) as http:
        answer = await http.post("/my/products/check", data=typed)
    assert f"/my/organizations/{provider.public_id}#add-paper" in answer.text
    assert "到期：上传新证" in answer.text
    assert LICENCE_OF[provider.kind] is QualificationKind.REGISTRATION
