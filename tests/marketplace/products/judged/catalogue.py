"""An invented catalogue, the same for the same seed, and the way to list all of it at once with SQL.

What a product is about is decided first and its words are chosen after it; so the judgement of an answer rests on
what the product is about, not on the words by which it is found.
"""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.core import clock, database
from app.core.access import Role
from app.core.database import transaction
from marketplace.organizations.provision import Category
from marketplace.organizations.rules import OrganizationKind
from marketplace.products.listings.service import index_what_is_old
from tests import world

SEED = 20261128
FIRMS = (
    (OrganizationKind.LAW_FIRM, "330106", "浙江清波律师事务所"),
    (OrganizationKind.SERVICE_INSTITUTION, "330110", "余杭和睦法律服务中心"),
    (OrganizationKind.NOTARY_OFFICE, "330109", "萧山湘湖公证处"),
    (OrganizationKind.APPRAISAL_INSTITUTION, "330122", "桐庐富春司法鉴定所"),
)
UNITS = {"legal_education": "lecture", "mediation": "case"}


@dataclass(frozen=True, slots=True)
class Invented:
    """A product: what it is about, and what it says."""

    number: int
    subject: str
    category: str
    areas: tuple[str, ...]
    group: str
    title_zh: str
    title_en: str
    summary_zh: str
    content_zh: str
    ceiling_fen: int

    def answers(self, judged: dict[str, str]) -> bool:
        """Tell whether the product is what a question asks for."""
        place = judged.get("place", "")
        reaches = any(place.startswith(area) or area.startswith(place) for area in self.areas)
        same = judged.get("category", self.category) == self.category
        return self.subject == judged["subject"] and same and (reaches or not place)


@cache
def words() -> dict[str, Any]:
    """Return the words that products are made of."""
    loaded: dict[str, Any] = json.loads(Path(__file__).with_name("invention.json").read_text(encoding="utf-8"))
    return loaded


@cache
def questions() -> list[dict[str, str]]:
    """Return the judged questions."""
    loaded: list[dict[str, str]] = json.loads(Path(__file__).with_name("queries.json").read_text(encoding="utf-8"))
    return loaded


def invent(count: int, areas: Sequence[str], seed: int = SEED) -> Iterator[Invented]:
    """Invent products; every subject in every category that suits it comes up in turn."""
    draw = random.Random(seed)
    subjects = words()["subjects"]
    kinds = [(subject, category) for subject, about in subjects.items() for category in about["categories"]]
    for number in range(count):
        subject, category = kinds[number % len(kinds)]
        yield _invented(draw, number, subject, category, areas)


def _invented(draw: random.Random, number: int, subject: str, category: str, areas: Sequence[str]) -> Invented:
    about, form = words()["subjects"][subject], words()["forms"][category]
    theme, shape = draw.randrange(len(about["zh"])), draw.randrange(len(form["zh"]))
    summary, content = words()["texts"][category]
    return Invented(
        number,
        subject,
        category,
        (draw.choice(areas),),
        about["group"] if draw.random() < 0.7 else "everyone",
        f"{about['zh'][theme]}{form['zh'][shape]}",
        f"{about['en'][theme]}: {form['en'][shape]}",
        summary,
        content,
        draw.choice((0, 30_000, 60_000, 90_000)),
    )


async def providers() -> dict[OrganizationKind, int]:
    """Return the ids of one organization of each kind."""
    return {kind: (await world.organization(kind, place=place, name_zh=name)).id for kind, place, name in FIRMS}


def _provider(one: Invented, organizations: Mapping[OrganizationKind, int]) -> int:
    """Return in turn one of those who may provide such a service."""
    may = world.MATRIX.kinds_that_may(Category(one.category), clock.today())
    able = [organization for kind, organization in organizations.items() if kind in may]
    return able[one.number % len(able)]


async def list_all(products: Sequence[Invented], organizations: Mapping[OrganizationKind, int]) -> list[int]:
    """List the products in a few statements, as if each had been written, reviewed and decided; return their ids."""
    author, reviewer = (await world.account()).actor, (await world.account(Role.CATALOGUE_REVIEWER)).actor
    async with transaction():
        rows = await database.fetch(
            """INSERT INTO product (organization_id, category, status, created_by, created_at)
               SELECT d.organization_id, d.category, 'draft', $3, $4
               FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS d (organization_id, category, place)
               ORDER BY d.place RETURNING id""",
            [_provider(one, organizations) for one in products],
            [one.category for one in products],
            author,
            clock.now(),
        )
        ids = sorted(row["id"] for row in rows)
        await _write(products, ids, author, reviewer)
    await index_what_is_old()
    return ids


async def _write(products: Sequence[Invented], ids: Sequence[int], author: int | None, reviewer: int | None) -> None:
    now = clock.now()
    columns = (
        *("product_id", "number", "title_zh", "title_en", "summary_zh", "content_zh", "standard_zh", "staffing_zh"),
        *("process_zh", "target_group", "unit", "minutes", "ceiling_fen", "content_sha256", "author_id", "created_at"),
    )
    versions = [
        (product_id, 1, one.title_zh, one.title_en, one.summary_zh, one.content_zh, "满意度不低于百分之九十五。",
         "执业人员一人。", "预约、到场、回访。", one.group, UNITS.get(one.category, "half_day"), 90, one.ceiling_fen,
         bytes(32), author, now)
        for product_id, one in zip(ids, products, strict=True)
    ]  # fmt: skip
    await database.copy_rows("product_version", columns, versions)
    places = {row["code"]: row["id"] for row in await database.fetch("SELECT code, id FROM place")}
    areas = [(product_id, 1, places[code]) for product_id, one in zip(ids, products, strict=True) for code in one.areas]
    await database.copy_rows("product_area", ("product_id", "product_version", "place_id"), areas)
    await _taken_up(ids, author, reviewer)
    await database.execute(
        """INSERT INTO product_decision (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at)
           SELECT id, author_id, $2, 'list', 'judged', $3 FROM product_version WHERE product_id = ANY ($1)""",
        list(ids),
        reviewer,
        now,
    )
    await database.execute(
        "UPDATE product SET status = 'listed', listed_version = 1, listed_at = $2 WHERE id = ANY ($1)", list(ids), now
    )


async def _taken_up(ids: Sequence[int], author: int | None, reviewer: int | None) -> None:
    """Declare and submit the products, and take them up: nothing is listed without it."""
    await database.execute(
        """INSERT INTO product_declaration (product_id, product_version, declared_by, declared_at)
           SELECT id, 1, $2, $3 FROM unnest($1::bigint[]) AS id""",
        *(list(ids), author, clock.now()),
    )
    await database.execute(
        """INSERT INTO product_capacity (product_id, from_month, units, stated_by, stated_at)
           SELECT id, date_trunc('month', $3::date)::date, 20, $2, $4 FROM unnest($1::bigint[]) AS id""",
        *(list(ids), author, clock.today(), clock.now()),
    )
    move = "UPDATE product SET status = $2 WHERE id = ANY ($1)"
    await database.execute(move, list(ids), "submitted")
    await database.execute(
        """INSERT INTO review_start (product_version_id, author_id, reviewer_id, begun_at)
           SELECT id, author_id, $2, $3 FROM product_version WHERE product_id = ANY ($1)""",
        *(list(ids), reviewer, clock.now()),
    )
    await database.execute(move, list(ids), "in_review")
