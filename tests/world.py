"""A small world for tests, made by the real services: accounts, organizations, products.

Every argument has a default, so that a test names only what it is about. Volunteers and their shifts are made
by tests/volunteers/world.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any
from uuid import UUID

from app.accounts import principals
from app.accounts.registration import NewAccount, create_accounts
from app.core import access, clock, ids
from app.core.access import Grant, Permission, Principal, Role, system_principal
from app.packages import PACKAGES
from app.rulebook.rules import Lawbook, Rule, RuleSeed
from marketplace.organizations import service as organizations
from marketplace.organizations.matrix import law as matrix_law
from marketplace.organizations.provision import EVIDENCE, LICENCE_OF, Category, Matrix, QualificationKind
from marketplace.organizations.qualifications import service as qualifications
from marketplace.organizations.qualifications.rules import Statement
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.rules import USCC_PREFIXES, Application, OrganizationEvent, OrganizationKind
from marketplace.organizations.service import OrganizationDecision
from marketplace.products import service as products
from marketplace.products.checking import negative_list
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.review import service as review
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision
from marketplace.products.service import NewProduct

CITY, DISTRICT = "3301", "330106"
MONTHLY_UNITS = 9_999
REASONS = "材料齐全，符合要求。"


def book_of(seeds: Sequence[RuleSeed]) -> Lawbook:
    """Return seeds as the rulebook holds them after a filling, for tests without a database."""
    return Lawbook.of(
        Rule(
            *(number, one.key, one.document, one.article, Decimal(one.value), one.unit, one.jurisdiction),
            *(one.effective_from, one.effective_to, one.note_zh, one.note_en, one.read, None),
        )
        for number, one in enumerate(seeds)
    )


MATRIX, NEGATIVE = Matrix(book_of(matrix_law.SEEDS)), book_of(negative_list.seeds())
_numbers = count(1)
_ACCOUNTS = system_principal(Permission.ACCOUNT_MANAGE)


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization with one of its members."""

    id: int
    public_id: UUID
    uscc: str
    kind: OrganizationKind
    member: Principal


@dataclass(frozen=True, slots=True)
class Product:
    """A product's version, and the organization that offers it."""

    id: int
    reference: str
    version: int
    category: Category
    organization: Organization


def role_map() -> access.RoleMap:
    """Return what each role may do, over all packages that have a wiring."""
    wired = [import_module(f"{name}.wiring") for name in PACKAGES if find_spec(f"{name}.wiring")]
    everyone = {role: frozenset({Permission.ACCOUNT_SELF}) for role in Role}
    return access.merged(everyone, *(module.ROLE_PERMISSIONS for module in wired))


async def account(
    role: Role = Role.RESIDENT, place: str | None = None, organization: int | None = None, **details: Any
) -> Principal:
    """Return a new person in one role; where the role needs a place and none is named, it is the city."""
    principals.register_role_map(role_map())
    personal = role in (Role.RESIDENT, Role.VOLUNTEER)
    covered = place if personal or organization else place or CITY
    stated = {"display_name": f"{role} {next(_numbers)}", "grants": (Grant(role, covered, organization),)}
    (account_id,) = await create_accounts(_ACCOUNTS, [NewAccount(**(stated | details))])
    return await principals.principal_of_account(account_id)


async def reviewer(place: str = CITY) -> Principal:
    """Return a new officer who verifies organizations and decides on products."""
    return await account(Role.CATALOGUE_REVIEWER, place)


def uscc(kind: OrganizationKind = OrganizationKind.SERVICE_INSTITUTION, district: str = DISTRICT) -> str:
    """Return a fresh unified social credit code with a right check digit."""
    body = f"{USCC_PREFIXES[kind][0]}{district}{next(_numbers):09d}"
    return body + ids.uscc_check_digit(body)


def application(
    kind: OrganizationKind = OrganizationKind.SERVICE_INSTITUTION, place: str = DISTRICT, **stated: Any
) -> Application:
    """Return an application that nothing is wrong with."""
    defaults = {
        "uscc": uscc(kind),
        "name_zh": f"测试法律服务中心{next(_numbers)}",
        "profile_zh": "面向社区的法律服务。",
    }
    return Application(kind=kind, place_code=place, **(defaults | stated))


def statement(kind: QualificationKind, valid_until: date | None = None) -> Statement:
    """Return a paper that has been valid for a year."""
    since = clock.today() - timedelta(days=365)
    return Statement(kind, f"证{next(_numbers):06d}", "杭州市有关部门", since, valid_until)


async def applied_organization(
    kind: OrganizationKind = OrganizationKind.SERVICE_INSTITUTION,
    place: str = DISTRICT,
    papers: Sequence[QualificationKind] | None = None,
    valid_until: date | None = None,
    **stated: Any,
) -> tuple[Organization, list[int]]:
    """Return an organization that has applied, with the ids of the papers it stated."""
    founder = await account(Role.RESIDENT)
    applied = await organizations.apply_organization(founder, application(kind, place, **stated))
    member = await principals.principal_of_account(founder.actor)
    shown = (LICENCE_OF[kind], *EVIDENCE) if papers is None else papers
    paper_ids = await qualifications.state_qualifications(
        member, [(applied.public_id, statement(paper, valid_until)) for paper in shown]
    )
    return Organization(applied.id, applied.public_id, applied.uscc, kind, member), paper_ids


async def organization(
    kind: OrganizationKind = OrganizationKind.SERVICE_INSTITUTION, place: str = DISTRICT, **details: Any
) -> Organization:
    """Return a verified organization with all the papers a provider needs."""
    made, papers = await applied_organization(kind, place, **details)
    officer = await reviewer(place)
    await qualifications.decide_qualifications(officer, [PaperDecision(paper, genuine=True) for paper in papers])
    await verify(made, officer)
    return made


async def verify(made: Organization, officer: Principal | None = None) -> None:
    """Have an officer verify an organization whose licence is verified."""
    decision = OrganizationDecision(made.public_id, OrganizationEvent.VERIFY, REASONS)
    await organizations.decide_organizations(officer or await reviewer(), [decision])


def content(category: Category = Category.LEGAL_EDUCATION, **written: Any) -> ProductContent:
    """Return a product's content that no guard refuses."""
    defaults: dict[str, Any] = {
        "title_zh": f"民法典进村社{next(_numbers)}",
        "title_en": "The Civil Code in your village",
        "summary_zh": "为村社居民讲解民法典中的婚姻家庭与邻里关系。",
        "summary_en": "A talk on family and neighbours in the Civil Code.",
        "content_zh": "讲座九十分钟，发放案例手册，现场答疑。",
        "standard_zh": "每场不少于三十人，满意度不低于百分之九十五。",
        "staffing_zh": "执业律师一名到场主讲，助理一名协助。",
        "process_zh": "预约、确认主题、授课、答疑、回访。",
        "target_group": TargetGroup.EVERYONE,
        "unit": Unit.LECTURE,
        "minutes": 90,
        "credentials_any": (min(matrix_law.STAFF[category]),),
        "ceiling_fen": 60_000,
        "areas": (CITY,),
    }
    return ProductContent(**(defaults | written))


async def draft_product(
    provider: Organization | None = None, category: Category = Category.LEGAL_EDUCATION, **written: Any
) -> Product:
    """Return a product that its provider has begun to write."""
    offered_by = provider or await organization()
    new = NewProduct(offered_by.public_id, category, content(category, **written), monthly_units=MONTHLY_UNITS)
    saved = await products.create_product(offered_by.member, new)
    return Product(saved.product_id, saved.reference, saved.version, category, offered_by)


async def submitted_product(
    provider: Organization | None = None, category: Category = Category.LEGAL_EDUCATION, **written: Any
) -> Product:
    """Return a product that waits for review."""
    product = await draft_product(provider, category, **written)
    await products.submit_products(product.organization.member, [product.reference])
    return product


async def decide(product: Product, verdict: Verdict, officer: Principal | None = None) -> Principal:
    """Have a reviewer decide on a product's version as it stands, taking it up first where it waits."""
    by = officer or await reviewer()
    if not verdict.on_listing:
        await review.begin_review(by, [product.reference])
    await review.decide_products(by, [ProductDecision(product.reference, product.version, verdict, REASONS)])
    return by


async def listed_product(
    provider: Organization | None = None, category: Category = Category.LEGAL_EDUCATION, **written: Any
) -> Product:
    """Return a product in the catalogue, written by a provider and listed by a reviewer."""
    product = await submitted_product(provider, category, **written)
    await decide(product, Verdict.LIST)
    return product
