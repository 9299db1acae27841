"""Recusal: a declared tie bars every step that concerns the organization, for as long as the law says."""

from datetime import date, timedelta
from itertools import product as whole

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted
from marketplace.organizations import service as organizations
from marketplace.organizations.interests import queries, service
from marketplace.organizations.interests.rules import (
    LASTING,
    Interest,
    InterestDeclared,
    InterestEnded,
    InterestKind,
    bars,
)
from marketplace.organizations.provision import EVIDENCE
from marketplace.organizations.qualifications import service as papers
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.rules import OrganizationEvent, TieDeclared, TiedToOrganization
from marketplace.organizations.service import OrganizationDecision
from marketplace.products.review import queries as desk
from marketplace.products.review import service as review
from marketplace.products.review.rules import TieKnown, Verdict
from marketplace.products.rules import TiedToProvider
from tests import world
from tests.app.web.client import client
from tests.refusals import refused

SINCE = date(2020, 1, 1)


async def _tie(
    officer: Principal, to: world.Organization, kind: InterestKind = InterestKind.FAMILY, until: date | None = None
) -> None:
    await service.declare_interest(officer, Interest(to.uscc, kind, SINCE, until))


@pytest.mark.parametrize("kind", InterestKind)
async def test_a_tie_bars_taking_up_deciding_verifying_and_papers(db: None, kind: InterestKind) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    waiting = await world.submitted_product(provider)
    listed = await world.listed_product(provider)
    [paper] = await papers.state_qualifications(provider.member, [(provider.public_id, world.statement(EVIDENCE[0]))])
    await _tie(officer, provider, kind)
    with pytest.raises(TiedToProvider):
        await review.begin_review(officer, [waiting.reference])
    with pytest.raises(TiedToProvider):
        await world.decide(listed, Verdict.SUSPEND, officer)
    suspend = OrganizationDecision(provider.public_id, OrganizationEvent.SUSPEND, "投诉成立")
    with pytest.raises(TiedToOrganization):
        await organizations.decide_organizations(officer, [suspend])
    with pytest.raises(TieDeclared):
        await papers.decide_qualifications(officer, [PaperDecision(paper, genuine=True)])
    [row] = (await desk.review_desk(officer)).rows
    assert row.own
    await review.begin_review(await world.reviewer(), [waiting.reference])


@pytest.mark.parametrize(("kind", "days_over"), list(whole(InterestKind, (0, 1, 365, 3 * 366))))
async def test_rule_and_database_agree_on_how_long_an_ended_tie_bars(
    db: None, kind: InterestKind, days_over: int
) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    until = clock.today() - timedelta(days=days_over)
    await _tie(officer, provider, kind, until)
    [row], years = await queries.own_interests(officer)
    expected = days_over == 0 if kind in LASTING else days_over <= 365
    assert years.whole == 3
    assert (row.bars, await queries.is_tied(officer, provider.id)) == (expected, expected)


def test_the_last_day_of_three_years_still_bars() -> None:
    today = date(2026, 11, 28)
    assert bars(InterestKind.BOARD, date(2023, 11, 28), today, 3)
    assert not bars(InterestKind.BOARD, date(2023, 11, 27), today, 3)
    assert bars(InterestKind.OWNERSHIP, date(2021, 2, 28), date(2024, 2, 29), 3)
    assert not bars(InterestKind.FAMILY, date(2026, 11, 27), today, 3)


async def test_the_figure_of_the_rulebook_decides_how_long(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    await _tie(officer, provider, InterestKind.BOARD, clock.today() - timedelta(days=4 * 366))
    assert not await queries.is_tied(officer, provider.id)
    await database.execute(
        """INSERT INTO law_rule (rule_key, document, article, value, unit, jurisdiction, effective_from)
           VALUES ('marketplace.recusal', '浙财采〔2026〕1号', '一', 5, 'years', '33', '2026-01-01')"""
    )
    assert await queries.is_tied(officer, provider.id)


async def test_a_tie_is_stated_once_ended_once_and_never_taken_back(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    await _tie(officer, provider)
    with pytest.raises(InterestDeclared):
        await _tie(officer, provider)
    [row], _ = await queries.own_interests(officer)
    with pytest.raises(NotFound):
        await service.end_interest(await world.reviewer(), row.public_id, clock.today())
    with pytest.raises(InvalidInput):
        await service.end_interest(officer, row.public_id, clock.today() + timedelta(days=1))
    await service.end_interest(officer, row.public_id, clock.today())
    with pytest.raises(InterestEnded):
        await service.end_interest(officer, row.public_id, clock.today())
    await refused(
        "declared_interest_once",
        """INSERT INTO declared_interest (account_id, organization_id, kind, since, declared_at)
           SELECT account_id, organization_id, kind, since, now() FROM declared_interest""",
    )
    for statement in ("DELETE FROM declared_interest", "UPDATE declared_interest SET until = since"):
        await refused("declared_interest_stays", statement)


async def test_wrong_declarations_and_people_without_an_office_are_refused(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    for wrong in (
        Interest("1" * 18, InterestKind.BOARD, SINCE),
        Interest(provider.uscc, InterestKind.BOARD, clock.today() + timedelta(days=1)),
        Interest(provider.uscc, InterestKind.BOARD, SINCE, SINCE - timedelta(days=1)),
    ):
        with pytest.raises(InvalidInput):
            await service.declare_interest(officer, wrong)
    with pytest.raises(NotPermitted):
        await _tie(await world.account(Role.RESIDENT), provider)


BEGIN = """INSERT INTO review_start (product_version_id, author_id, reviewer_id, begun_at)
           SELECT id, author_id, $2, $3::timestamptz FROM product_version WHERE product_id = $1"""


DECIDE = """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
            SELECT id, author_id, $2, 'list', 'x', $3::timestamptz FROM product_version WHERE product_id = $1"""


async def test_the_database_bars_begin_decide_and_verify_for_whoever_writes(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    product = await world.submitted_product(provider)
    await _tie(officer, provider)
    suspend = "UPDATE organization SET status = 'suspended', decided_by = $2, decided_at = $3 WHERE id = $1"
    [paper] = await papers.state_qualifications(provider.member, [(provider.public_id, world.statement(EVIDENCE[0]))])
    verify = "UPDATE qualification SET verified_by = $2, verified_at = $3 WHERE id = $1"
    verified = """INSERT INTO qualification (organization_id, kind, number, issuer_zh, valid_from, added_by, added_at,
                                             verified_by, verified_at)
                  SELECT organization_id, kind, 'x', issuer_zh, valid_from, added_by, added_at, $2, $3
                  FROM qualification WHERE id = $1"""
    for guard, statement, subject in (
        ("product_reviewer_without_tie", BEGIN, product.id),
        ("product_reviewer_without_tie", DECIDE, product.id),
        ("organization_decided_without_tie", suspend, provider.id),
        ("qualification_verified_without_tie", verify, paper),
        ("qualification_verified_without_tie", verified, paper),
    ):
        await refused(guard, statement, subject, officer.actor, clock.now())


async def test_a_tie_that_became_known_after_the_look_is_said_in_words(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    product, officer = await world.submitted_product(), await world.reviewer()
    await _tie(officer, product.organization)
    monkeypatch.setattr(review, "require_impartial", lambda *_: None)
    with pytest.raises(TieKnown, match="请交由其他审查人员办理"):
        await review.begin_review(officer, [product.reference])


async def test_the_database_lets_nobody_take_up_what_another_began_or_what_was_written_by_that_person(
    db: None,
) -> None:
    provider = await world.organization()
    product = await world.submitted_product(provider)
    left = "UPDATE membership SET valid_until = now() WHERE account_id = $1 AND role = 'provider'"
    await world.account(Role.PROVIDER, organization=provider.id)
    await database.execute(left, provider.member.actor)
    years_later = clock.now() + timedelta(days=4 * 366)  # no member any more, for longer than a past tie bars
    await refused("product_begun_by_another", BEGIN, product.id, provider.member.actor, years_later)
    await refused("product_reviewer_is_not_author", DECIDE, product.id, provider.member.actor, years_later)
    await review.begin_review(await world.reviewer(), [product.reference])
    await refused("review_started_once", BEGIN, product.id, (await world.reviewer()).actor, clock.now())


async def test_the_database_knows_by_name_who_took_a_version_up(db: None) -> None:
    product = await world.submitted_product()
    await refused("product_review_begun_by_name", "UPDATE product SET status = 'in_review' WHERE id = $1", product.id)
    officer = await world.reviewer()
    await review.begin_review(officer, [product.reference])
    assert await database.fetch_value("SELECT reviewer_id FROM review_start") == officer.actor
    [row] = (await desk.review_desk(await world.reviewer())).rows
    assert row.taken_by == await database.fetch_value("SELECT display_name FROM account WHERE id = $1", officer.actor)


async def test_an_officer_declares_on_a_page_and_reads_to_stand_aside(db: None) -> None:
    provider, officer = await world.organization(), await world.reviewer()
    product = await world.submitted_product(provider)
    async with client(officer) as http:
        before = await http.get(f"/review/products/{product.reference}")
        form = await http.get(f"/review/interests?uscc={provider.uscc}")
        wrong = await http.post("/review/interests", data={"uscc": provider.uscc, "kind": "family", "since": ""})
        sent = await http.post(
            "/review/interests", data={"uscc": provider.uscc, "kind": "family", "since": "2020-01-01"}
        )
        after = await http.get(f"/review/products/{product.reference}")
        organization = await http.get(f"/review/organizations/{provider.public_id}")
    assert f"/review/interests?uscc={provider.uscc}" in before.text
    assert provider.uscc in form.text
    assert (wrong.status_code, sent.status_code) == (422, 303)
    assert "你应当回避" in after.text
    assert "接手审查" not in after.text
    assert "你应当回避" in organization.text
