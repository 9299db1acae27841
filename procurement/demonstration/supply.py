"""Organizations and their products: applied for, verified, written, submitted, reviewed, listed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from app.accounts.principals import principals_of_accounts
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.core import clock, database
from app.core.access import Grant, Principal, Role
from app.core.money import parse_yuan
from marketplace.organizations.provision import EVIDENCE, LICENCE_OF, Category, QualificationKind, StaffCredential
from marketplace.organizations.qualifications.rules import Statement
from marketplace.organizations.qualifications.service import PaperDecision, decide_qualifications, state_qualifications
from marketplace.organizations.rules import (
    PUBLIC_INSTITUTION,
    Application,
    Funding,
    OrganizationEvent,
    OrganizationKind,
)
from marketplace.organizations.service import OrganizationDecision, decide_organizations, register_organizations
from marketplace.products.content import ProductContent, TargetGroup, Unit
from marketplace.products.review.rules import Verdict
from marketplace.products.review.service import ProductDecision, begin_review, decide_products
from marketplace.products.service import NewProduct, create_products, submit_products
from marketplace.products.templates.collection import templates
from procurement.demonstration import cast, invention
from procurement.demonstration.scale import Scale

PROVIDER_PHONES = 1_000
"""Where the numbers of the providers' accounts begin."""
RENEWAL_DAYS = 40
MONTHLY_UNITS = 30
"""What each product can bring in a month, until its provider says otherwise."""


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization of the demonstration."""

    number: int
    application: Application

    @property
    def phone(self) -> str:
        """Return the number its member signs in with."""
        return invention.phone(PROVIDER_PHONES + self.number)


def organizations(scale: Scale, districts: list[tuple[str, str, str]]) -> list[Organization]:
    """Invent the organizations: kinds in turn, districts (code, Chinese and English name) in turn."""
    words = invention.vocabulary()["organizations"]
    names = [
        (kind, index, district) for index in range(3) for district in districts for kind, text in words.items()
        if index < len(text["zh"])
    ]  # fmt: skip
    draw = invention.generator("organizations")
    # One of each kind first, so that every category has a provider, and of the kinds the one that visitors sign in as
    # (it lists products, quotes, and is incubated); the rest by chance.
    first = [(kind, 0, districts[0]) for kind in words]
    rest = [name for name in names if name not in first]
    draw.shuffle(rest)
    chosen = (first + rest)[: scale.organizations]
    return [
        Organization(number, _application(kind, index, district, number))
        for number, (kind, index, district) in enumerate(chosen)
    ]


def _application(kind: str, index: int, district: tuple[str, str, str], number: int) -> Application:
    code, zh, en = district
    text = invention.vocabulary()["organizations"][kind]
    uscc = invention.uscc(kind, code, number + 1)
    return Application(
        uscc=uscc,
        funding=Funding.PUBLIC_TWO if uscc.startswith(PUBLIC_INSTITUTION) else Funding.NEITHER,
        kind=OrganizationKind(kind),
        name_zh=text["zh"][index].format(place=zh),
        name_en=text["en"][index].format(place=en),
        place_code=code,
        bank_name=invention.vocabulary()["bank"],
        bank_account=invention.bank_account(9_000_000 + number),
    )


async def register(officers: dict[Role, Principal], wanted: list[Organization]) -> None:
    """Take the organizations in, with their papers; another officer verifies both."""
    known = {row["uscc"] for row in await database.fetch("SELECT uscc FROM organization")}
    missing = [organization for organization in wanted if organization.application.uscc not in known]
    if not missing:
        return
    coordinator, reviewer = officers[Role.COORDINATOR], officers[Role.CATALOGUE_REVIEWER]
    applied = await register_organizations(coordinator, [organization.application for organization in missing])
    public_ids = {one.uscc: one.public_id for one in applied}
    statements = [
        (public_ids[organization.application.uscc], statement)
        for organization in missing
        for statement in _papers(organization)
    ]
    papers = await state_qualifications(coordinator, statements)
    await decide_qualifications(reviewer, [PaperDecision(paper, genuine=True) for paper in papers])
    reason = invention.vocabulary()["reasons"]["verified"]
    await decide_organizations(
        reviewer, [OrganizationDecision(one.public_id, OrganizationEvent.VERIFY, reason) for one in applied]
    )
    await _open_provider_accounts(missing)


def _papers(organization: Organization) -> list[Statement]:
    issuer = invention.vocabulary()["qualification_issuer"].format(place="")
    since, until = date(clock.today().year - 1, 1, 1), date(clock.today().year + 4, 12, 31)
    kinds: list[QualificationKind] = [LICENCE_OF[organization.application.kind], *EVIDENCE]
    soon = clock.today() + timedelta(days=RENEWAL_DAYS)  # the first provider has a report to renew
    ends = {QualificationKind.FINANCIAL_REPORT: soon} if organization.number == 0 else {}
    number = f"{organization.number:04d}"
    return [
        Statement(kind, f"DEMO-{kind.value[:3].upper()}-{number}", issuer, since, ends.get(kind, until))
        for kind in kinds
    ]


async def _open_provider_accounts(missing: list[Organization]) -> None:
    ids = {row["uscc"]: row["id"] for row in await database.fetch("SELECT uscc, id FROM organization")}
    title = invention.vocabulary()["provider"]
    await create_accounts(
        cast.FOUNDER,
        [
            NewAccount(
                title.format(organization=organization.application.name_zh),
                organization.phone,
                email=f"provider-{organization.number}@demo.example",
                grants=(Grant(Role.PROVIDER, organization_id=ids[organization.application.uscc]),),
            )
            for organization in missing
        ],
    )


async def providers(wanted: list[Organization]) -> dict[int, Principal]:
    """Return each organization's acting member by the organization's id."""
    by_phone = await account_ids_by_phone(organization.phone for organization in wanted)
    found = await principals_of_accounts(by_phone.values())
    return {
        grant.organization_id: principal
        for principal in found.values()
        for grant in principal.grants
        if grant.organization_id
    }


async def write_products(scale: Scale, acting: dict[int, Principal]) -> int:
    """Write and submit the products that do not exist yet, each by its provider; return how many."""
    rows = await database.fetch("SELECT id, public_id, kind FROM organization WHERE status = 'verified' ORDER BY id")
    taken = {row["title_zh"] for row in await database.fetch("SELECT DISTINCT title_zh FROM product_version")}
    by_provider: dict[int, list[NewProduct]] = {}
    for category, text in invention.product_texts().items():
        able = [row for row in rows if row["kind"] in text["kinds"]]
        for number, topic in enumerate(text["topics"][: scale.products_per_category]):
            if able and topic[0] not in taken:
                row = able[number % len(able)]
                new = _product(row["public_id"], Category(category), _content(text, topic, scale.place_code[:6]))
                by_provider.setdefault(row["id"], []).append(new)
    for organization_id, products in by_provider.items():
        saved = await create_products(acting[organization_id], products)
        await submit_products(acting[organization_id], [one.reference for one in saved])
    return sum(len(products) for products in by_provider.values())


def _product(organization: UUID, category: Category, content: ProductContent) -> NewProduct:
    """Return a product; one whose name is a template's was copied from it, with area and price added."""
    copied = next((one for one in templates().values() if one.content.title_zh == content.title_zh), None)
    if copied is None:
        return NewProduct(organization, category, content, monthly_units=MONTHLY_UNITS)
    completed = replace(copied.content, areas=content.areas, ceiling_fen=content.ceiling_fen)
    return NewProduct(organization, copied.category, completed, copied.code, MONTHLY_UNITS)


def _content(text: dict[str, object], topic: list[str], area: str) -> ProductContent:
    plain = {name: str(text[name]) for name in text if name.endswith(("_zh", "_en"))}
    credentials: list[str] = text["credentials_any"]  # type: ignore[assignment]
    return ProductContent(
        title_zh=topic[0],
        title_en=topic[1],
        target_group=TargetGroup(topic[2]),
        unit=Unit(str(text["unit"])),
        minutes=int(str(text["minutes"])),
        people=int(str(text["people"])),
        credentials_any=tuple(StaffCredential(name) for name in credentials),
        ceiling_fen=parse_yuan(str(text["ceiling_yuan"])),
        areas=(area,),
        **plain,
    )


async def review(officers: dict[Role, Principal]) -> int:
    """Take up and list everything that is submitted, by a reviewer who wrote none of it."""
    reviewer = officers[Role.CATALOGUE_REVIEWER]
    waiting = await database.fetch(
        "SELECT reference, latest_version FROM product WHERE status IN ('submitted', 'in_review') ORDER BY id"
    )
    fresh = await database.fetch("SELECT reference FROM product WHERE status = 'submitted' ORDER BY id")
    if fresh:
        await begin_review(reviewer, [row["reference"] for row in fresh])
    reason = invention.vocabulary()["reasons"]["listed"]
    decisions = [ProductDecision(row["reference"], row["latest_version"], Verdict.LIST, reason) for row in waiting]
    if decisions:
        await decide_products(reviewer, decisions)
    return len(decisions)
