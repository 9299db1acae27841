"""A small world for the buying side: people with roles, an organization with a listed product, money."""

import hashlib
from dataclasses import dataclass
from datetime import date
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
    author = await account()
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
    await database.insert_row(
        "product_version",
        {
            "product_id": new_id,
            "number": 1,
            "title_zh": f"民法典进村社{new_id}",
            "title_en": f"Civil Code in the village {new_id}",
            "summary_zh": "一堂讲座",
            "content_zh": "讲解与答疑",
            "standard_zh": "满意度不低于95%",
            "staffing_zh": "执业律师一名",
            "process_zh": "预约、授课、答疑、回访",
            "target_group": "村民",
            "unit": unit,
            "minutes": 90,
            "ceiling_fen": ceiling_fen,
            "content_sha256": hashlib.sha256(str(new_id).encode()).digest(),
            "author_id": author,
            "created_at": clock.now(),
        },
    )
    for code in areas:
        await database.insert_row("product_area", {"product_id": new_id, "place_id": await place_id(code)})
    await database.execute("UPDATE product SET status = $2, listed_version = 1 WHERE id = $1", new_id, status)
    return new_id


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
