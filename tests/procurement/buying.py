"""A small world for the buying side: people with roles, an organization with a listed product, money."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from app.core import access, clock, database, ids, vault
from app.core.access import Grant, Principal, Role
from procurement.wiring import ROLE_PERMISSIONS

CITY, DISTRICT, OTHER_DISTRICT = "3301", "330106", "330110"
_numbers = count(1)


async def account(name: str = "") -> int:
    """Create an account and return its id."""
    key = await vault.new_subject_key()
    return await database.insert_row(
        "account",
        {"display_name": name or f"person {next(_numbers)}", "subject_key_id": key.id, "created_at": clock.now()},
    )


def acting(account_id: int, role: Role, place: str | None = None, organization: int | None = None) -> Principal:
    """Return the principal of an account in one role."""
    grants = (Grant(role, place, organization),)
    return Principal(account_id, kind="session", grants=grants, scopes=access.scopes_of(grants, ROLE_PERMISSIONS))


async def person_as(role: Role, place: str | None = CITY, organization: int | None = None) -> Principal:
    """Return a new person in one role."""
    return acting(await account(role.value), role, place, organization)


async def place_id(code: str) -> int:
    """Return a place's id."""
    return int(await database.fetch_value("SELECT id FROM place WHERE code = $1", code))


async def villages(limit: int, under: str = DISTRICT) -> list[dict[str, Any]]:
    """Return villages of a district by code."""
    return await database.fetch(
        "SELECT id, code FROM place WHERE level = 'village' AND code LIKE $1 ORDER BY code LIMIT $2", under + "%", limit
    )


async def organization(place: str = DISTRICT, status: str = "verified", valid_until: date | None = None) -> int:
    """Create an organization with a verified qualification."""
    applicant, reviewer = await account(), await account()
    key = await vault.new_subject_key()
    body = f"5233{next(_numbers):013d}"
    new_id = await database.insert_row(
        "organization",
        {
            "uscc": body + ids.uscc_check_digit(body),
            "kind": "service_institution",
            "name_zh": f"测试法律服务中心{body[-4:]}",
            "place_id": await place_id(place),
            "status": status,
            "subject_key_id": key.id,
            "applied_by": applicant,
            "applied_at": clock.now(),
            "decided_by": reviewer,
            "decided_at": clock.now(),
        },
    )
    await database.insert_row(
        "qualification",
        {
            "organization_id": new_id,
            "kind": "registration",
            "number": body,
            "issuer_zh": "民政局",
            "valid_from": date(2020, 1, 1),
            "valid_until": valid_until,
            "added_by": applicant,
            "added_at": clock.now(),
            "verified_by": reviewer,
            "verified_at": clock.now(),
        },
    )
    return new_id


async def product(
    organization_id: int,
    status: str = "listed",
    category: str = "legal_education",
    unit: str = "lecture",
    ceiling_fen: int = 200_000,
    areas: tuple[str, ...] = (CITY,),
) -> int:
    """Create a product with one version, listed unless said otherwise, serving the named places."""
    author, reviewer = await account(), await account()
    async with database.transaction():
        new_id = await database.insert_row(
            "product",
            {
                "organization_id": organization_id,
                "category": category,
                "status": "draft",
                "created_by": author,
                "created_at": clock.now(),
            },
        )
        version = await database.insert_row("product_version", _version(new_id, author, unit, ceiling_fen))
        for code in areas:
            await database.insert_row(
                "product_area", {"product_id": new_id, "product_version": 1, "place_id": await place_id(code)}
            )
        decision = {
            "product_version_id": version,
            "author_id": author,
            "reviewer_id": reviewer,
            "verdict": "list",
            "reasons": "符合要求",
            "decided_at": clock.now(),
        }
        await database.insert_row("product_decision", decision)
        await database.execute("UPDATE product SET status = $2, listed_version = 1 WHERE id = $1", new_id, status)
    return new_id


def _version(product_id: int, author: int, unit: str, ceiling_fen: int) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "number": 1,
        "title_zh": f"民法典进村社{product_id}",
        "title_en": f"Civil Code in the village {product_id}",
        "summary_zh": "一堂讲座",
        "content_zh": "讲解与答疑",
        "standard_zh": "满意度不低于95%",
        "staffing_zh": "执业律师一名",
        "process_zh": "预约、授课、答疑、回访",
        "target_group": "村民",
        "unit": unit,
        "minutes": 90,
        "ceiling_fen": ceiling_fen,
        "content_sha256": hashlib.sha256(str(product_id).encode()).digest(),
        "author_id": author,
        "created_at": clock.now(),
    }


async def budget_line(approved_fen: int, place: str = DISTRICT, programme: str = "purchase") -> int:
    """Open a line of this year and have its money approved through the real services."""
    from procurement.budgets import service

    officer, approver = await person_as(Role.PROCUREMENT_OFFICER), await person_as(Role.APPROVER)
    year = clock.today().year
    [line_id] = await service.open_lines(officer, [service.NewLine(programme, place, year, "2040607", "30227")])
    if approved_fen:
        proposal = service.Proposal(line_id, approved_fen, "杭财行〔2026〕1号")
        [appropriation] = await service.propose_appropriations(officer, [proposal])
        await service.decide_appropriations(approver, [service.Decision(appropriation, approve=True)])
    return line_id


@dataclass(frozen=True, slots=True)
class People:
    """One person per role of buying in a district, and a provider's member."""

    officer: Principal
    approver: Principal
    acceptor: Principal
    provider: Principal


async def people(organization_id: int, place: str = CITY) -> People:
    """Return new people."""
    return People(
        await person_as(Role.PROCUREMENT_OFFICER, place),
        await person_as(Role.APPROVER, place),
        await person_as(Role.ACCEPTOR, place),
        await person_as(Role.PROVIDER, None, organization_id),
    )


async def framework(place: str = CITY, rate_fen: int = 60_000, **changes: Any) -> int:
    """Draw up, file and publish a framework that admits from today."""
    from procurement.frameworks import service

    officer = await person_as(Role.PROCUREMENT_OFFICER)
    today = clock.today()
    scheme = {
        "title_zh": "法治宣传讲座开放式框架协议",
        "title_en": "Open framework for legal education lectures",
        "category": "legal_education",
        "unit": "lecture",
        "starts_on": today,
        "ends_on": today + timedelta(days=365),
    }
    scheme.update(changes)
    framework_id = await service.draw_up_framework(
        officer, service.NewFramework(rate_fen=rate_fen, place_code=place, **scheme)
    )
    await service.file_scheme(officer, framework_id, "浙财采备〔2026〕7号")
    await service.publish_call(officer, framework_id)
    return framework_id


async def admission(framework_id: int, organization_id: int, product_id: int | None = None) -> int:
    """Have a provider apply with a product and another person admit it."""
    from procurement.frameworks.admissions import service

    provider = await person_as(Role.PROVIDER, None, organization_id)
    if product_id is None:
        product_id = await product(organization_id)
    [admission_id] = await service.apply_for_admission(provider, framework_id, [product_id])
    officer = await person_as(Role.PROCUREMENT_OFFICER)
    await service.decide_applications(officer, [service.ApplicationDecision(admission_id, admit=True)])
    return admission_id


async def framework_in_force(organization_id: int, rate_fen: int = 60_000) -> int:
    """Return the organization's admission to a framework that is in force, with a second supplier beside it."""
    from procurement.frameworks import service

    framework_id = await framework(rate_fen=rate_fen)
    admission_id = await admission(framework_id, organization_id)
    await admission(framework_id, await organization())
    await service.bring_into_force(await person_as(Role.PROCUREMENT_OFFICER), framework_id)
    return admission_id
