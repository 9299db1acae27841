"""A reviewer who is not the author and has no tie decides in writing, within seven working days."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Permission, Principal, Role, Scope, system_principal
from app.core.calendar import seed_calendar
from app.core.errors import EditConflict, NotPermitted, SamePersonRefused, TransitionRefused
from marketplace.organizations import service as organizations
from marketplace.organizations.rules import OrganizationEvent
from marketplace.organizations.service import OrganizationDecision
from marketplace.products import queries, service
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import catalogue_page
from marketplace.products.checking.queries import standing_check
from marketplace.products.review import queries as desk
from marketplace.products.review import service as review
from marketplace.products.review.rules import ReasonsRequired, Verdict
from marketplace.products.review.service import ProductDecision
from marketplace.products.rules import TiedToProvider
from tests import world
from tests.conftest import rounds
from tests.refusals import refused


def _verdict(product: world.Product, verdict: Verdict = Verdict.LIST, reasons: str = "符合标准。") -> ProductDecision:
    return ProductDecision(product.reference, product.version, verdict, reasons)


async def _status(product: world.Product) -> str:
    return str(await database.fetch_value("SELECT status FROM product WHERE id = $1", product.id))


def _as_reviewer(person: Principal) -> Principal:
    return Principal(person.account_id, kind="session", scopes={Permission.PRODUCT_REVIEW: Scope(("3301",))})


async def test_listing_takes_a_review_with_reasons(db: None) -> None:
    product = await world.submitted_product()
    officer = await world.reviewer()
    with pytest.raises(TransitionRefused):
        await review.decide_products(officer, [_verdict(product)])
    await review.begin_review(officer, [product.reference])
    with pytest.raises(ReasonsRequired):
        await review.decide_products(officer, [_verdict(product, reasons=" ")])
    await review.decide_products(officer, [_verdict(product)])
    assert await _status(product) == "listed"
    view = await queries.product_in_full(officer, product.reference)
    assert [(d.verdict, d.reasons, d.reviewer) for d in view.decisions] == [("list", "符合标准。", officer.name)]


async def test_the_author_does_not_review(db: None) -> None:
    product = await world.submitted_product()
    with pytest.raises(SamePersonRefused):
        await review.begin_review(_as_reviewer(product.organization.member), [product.reference])


async def test_a_colleague_of_the_author_and_who_left_last_year_stand_aside(db: None) -> None:
    product = await world.submitted_product()
    colleague = await world.account(Role.PROVIDER, organization=product.organization.id)
    with pytest.raises(TiedToProvider):
        await review.begin_review(_as_reviewer(colleague), [product.reference])
    await database.execute(
        "UPDATE membership SET valid_from = now() - interval '5 years', valid_until = $2 WHERE account_id = $1",
        colleague.actor,
        clock.now() - timedelta(days=3 * 365 - 10),
    )
    with pytest.raises(TiedToProvider):
        await review.begin_review(_as_reviewer(colleague), [product.reference])
    with clock.travelled_to(clock.now() + timedelta(days=30)):
        await review.begin_review(_as_reviewer(colleague), [product.reference])


async def test_a_reviewer_decides_in_his_own_place_only(db: None) -> None:
    product = await world.submitted_product()
    with pytest.raises(NotPermitted):
        await review.begin_review(await world.reviewer("330110"), [product.reference])
    with pytest.raises(NotPermitted):
        await review.begin_review(product.organization.member, [product.reference])


async def test_the_verdict_is_about_the_version_that_was_read(db: None) -> None:
    product = await world.submitted_product()
    officer = await world.reviewer()
    await review.begin_review(officer, [product.reference])
    with pytest.raises(EditConflict):
        await review.decide_products(officer, [_verdict(replace(product, version=2))])


async def test_what_was_sent_back_comes_again_as_a_new_version(db: None) -> None:
    product = await world.submitted_product()
    member = product.organization.member
    await world.decide(product, Verdict.REQUEST_CHANGES)
    with pytest.raises(service.SubmissionRefused, match="1 处"):
        await service.submit_products(member, [product.reference])
    await service.save_product(member, product.reference, 1, world.content())
    await service.submit_products(member, [product.reference])
    await world.decide(replace(product, version=2), Verdict.LIST)
    assert await _status(product) == "listed"


async def test_a_rejected_revision_leaves_the_listing(db: None) -> None:
    product = await world.listed_product()
    await service.save_product(product.organization.member, product.reference, 1, world.content())
    await service.submit_products(product.organization.member, [product.reference])
    await world.decide(replace(product, version=2), Verdict.REJECT)
    row = await database.fetch_one("SELECT status, revision, listed_version FROM product WHERE id = $1", product.id)
    assert row == {"status": "listed", "revision": "none", "listed_version": 1}


async def test_a_listing_is_suspended_reinstated_and_ended(db: None) -> None:
    product = await world.listed_product()
    officer = await world.reviewer()

    async def listed() -> int:
        return (await catalogue_page(CatalogueFilter())).total

    for verdict, status, shown in [
        (Verdict.SUSPEND, "suspended", 0),
        (Verdict.REINSTATE, "listed", 1),
        (Verdict.SUSPEND, "suspended", 0),
        (Verdict.DELIST, "delisted", 0),
    ]:
        await world.decide(product, verdict, officer)
        assert (await _status(product), await listed()) == (status, shown)


async def test_many_products_are_reviewed_at_once_and_all_or_none(db: None) -> None:
    provider = await world.organization()
    products = [await world.submitted_product(provider) for _ in range(12)]
    officer = await world.reviewer()
    await review.begin_review(officer, [product.reference for product in products])
    wrong = replace(products[-1], version=9)
    with pytest.raises(EditConflict):
        await review.decide_products(officer, [*(_verdict(p) for p in products[:-1]), _verdict(wrong)])
    assert await _status(products[0]) == "in_review"
    mixed = [_verdict(p, Verdict.LIST if n % 2 else Verdict.REJECT) for n, p in enumerate(products)]
    await review.decide_products(officer, mixed)
    counts = await database.fetch("SELECT status, count(*) AS n FROM product GROUP BY status ORDER BY status")
    assert [(row["status"], row["n"]) for row in counts] == [("listed", 6), ("rejected", 6)]


async def test_two_reviewers_at_once_make_one_decision(db: None) -> None:
    officers = [await world.reviewer() for _ in range(4)]
    provider = await world.organization()
    for _ in range(rounds(5, 100)):
        product = await world.submitted_product(provider)
        await review.begin_review(officers[0], [product.reference])
        outcomes = await asyncio.gather(
            *(review.decide_products(officer, [_verdict(product)]) for officer in officers), return_exceptions=True
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoneType", *["TransitionRefused"] * 3]


async def test_overlapping_batches_in_any_order_do_not_deadlock(db: None) -> None:
    officers = [await world.reviewer() for _ in range(4)]
    provider = await world.organization()
    for _ in range(rounds(3, 100)):
        references = [(await world.submitted_product(provider)).reference for _ in range(6)]
        orders = [references, references[::-1], references[3:] + references[:3], references[::2]]
        outcomes = await asyncio.gather(
            *(review.begin_review(officer, order) for officer, order in zip(officers, orders, strict=True)),
            return_exceptions=True,
        )
        assert {type(outcome).__name__ for outcome in outcomes} <= {"NoneType", "TransitionRefused"}


async def test_the_desk_shows_the_oldest_first_with_its_clock(db: None) -> None:
    await seed_calendar()
    first, second = await world.submitted_product(), await world.submitted_product()
    shown = await desk.review_desk(await world.reviewer())
    assert [row.reference for row in shown.rows] == [first.reference, second.reference]
    assert (shown.term.value, shown.overdue) == (7, 0)
    later = clock.now() + timedelta(days=30)
    with clock.travelled_to(later):
        late = await desk.review_desk(await world.reviewer())
    assert late.overdue == 2
    assert (await desk.review_desk(await world.reviewer("330110"))).rows == ()


async def test_the_desk_marks_what_the_reviewer_must_leave_to_others(db: None) -> None:
    product = await world.submitted_product()
    own = await desk.review_desk(_as_reviewer(product.organization.member))
    others = await desk.review_desk(await world.reviewer())
    assert ([row.own for row in own.rows], [row.own for row in others.rows]) == ([True], [False])


async def test_a_decided_product_leaves_the_desk(db: None) -> None:
    product = await world.submitted_product()
    await world.decide(product, Verdict.REQUEST_CHANGES)
    assert (await desk.review_desk(await world.reviewer())).rows == ()


async def test_the_reviewer_sees_what_has_come_up_since_submission(db: None) -> None:
    until = clock.today() + timedelta(days=10)
    product = await world.submitted_product(await world.organization(valid_until=until))
    officer = await world.reviewer()
    assert (await standing_check(officer, product.reference)).faults == ()
    with clock.travelled_to(clock.now() + timedelta(days=11)):
        faults = (await standing_check(officer, product.reference)).faults
    assert {fault.field for fault in faults} == {"qualifications"}


async def test_the_author_is_told_the_verdict_and_its_reasons(db: None) -> None:
    product = await world.listed_product()
    told = await database.fetch(
        "SELECT detail::text, link FROM notification WHERE account_id = $1 AND link LIKE '/my/products/%'",
        product.organization.member.actor,
    )
    assert [row["link"] for row in told] == [f"/my/products/{product.reference}"]
    assert world.REASONS in told[0]["detail"]


async def test_listings_whose_licence_ran_out_are_suspended_by_the_program(db: None) -> None:
    lapsing = await world.listed_product(await world.organization(valid_until=clock.today() + timedelta(days=3)))
    lasting = await world.listed_product()
    program = system_principal(Permission.PRODUCT_REVIEW)
    assert await review.suspend_unqualified(program) == []
    with clock.travelled_to(clock.now() + timedelta(days=4)):
        assert await review.suspend_unqualified(program) == [lapsing.id]
        assert await review.suspend_unqualified(program) == []
    assert (await _status(lapsing), await _status(lasting)) == ("suspended", "listed")


async def test_a_suspended_organizations_products_leave_the_catalogue(db: None) -> None:
    product = await world.listed_product()
    suspension = OrganizationDecision(product.organization.public_id, OrganizationEvent.SUSPEND, "投诉成立")
    await organizations.decide_organizations(await world.reviewer(), [suspension])
    assert (await catalogue_page(CatalogueFilter())).rows == ()


async def test_the_database_refuses_an_author_as_reviewer(db: None) -> None:
    product = await world.submitted_product()
    await refused(
        "product_reviewer_is_not_author",
        """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
           SELECT id, author_id, author_id, 'list', 'x', now() FROM product_version WHERE product_id = $1""",
        product.id,
    )


async def test_the_database_refuses_a_decision_that_names_another_author(db: None) -> None:
    product = await world.submitted_product()
    other = await world.account()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await database.execute(
            """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
               SELECT id, $2, author_id, 'list', 'x', now() FROM product_version WHERE product_id = $1""",
            product.id,
            other.actor,
        )


async def test_the_database_refuses_a_listing_without_a_decision(db: None) -> None:
    product = await world.submitted_product()
    await review.begin_review(await world.reviewer(), [product.reference])
    await refused(
        "product_listing_decided", "UPDATE product SET status = 'listed', listed_version = 1 WHERE id = $1", product.id
    )
    await refused("product_listed_has_version", "UPDATE product SET status = 'listed' WHERE id = $1", product.id)
    await refused("product_revision_of_listed", "UPDATE product SET revision = 'draft' WHERE id = $1", product.id)


async def test_the_database_lists_only_a_version_that_was_decided_also_of_a_listed_product(db: None) -> None:
    listed = await world.listed_product()
    written = await service.save_product(listed.organization.member, listed.reference, 1, world.content())
    for version in (written.version, 99):  # before product_listed_version_exists is asked
        another = "UPDATE product SET listed_version = $2 WHERE id = $1"
        await refused("product_listing_decided", another, listed.id, version)


async def test_the_database_refuses_a_second_review_of_one_version(db: None) -> None:
    product = await world.listed_product()
    officer = await world.reviewer()
    await refused(
        "product_reviewed_once",
        """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
           SELECT id, author_id, $2, 'reject', 'x', now() FROM product_version WHERE product_id = $1""",
        product.id,
        officer.actor,
    )


async def test_versions_areas_and_decisions_are_never_changed(db: None) -> None:
    await world.listed_product()
    for table in ("product_version", "product_area", "product_decision"):
        for statement in (f"UPDATE {table} SET id = DEFAULT", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises((asyncpg.RestrictViolationError, asyncpg.InsufficientPrivilegeError)):
                await database.execute(statement)
