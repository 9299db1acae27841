"""Drawing an edition up from the year's figures, deciding its entries, publishing it by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound, SamePersonRefused
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from app.rulebook import rules_on
from app.rulebook.rules import CITY
from marketplace.law import EDITION_IDLE_DAYS, EDITION_LOWEST_MEAN, EDITION_RATINGS
from marketplace.products.editions import rules, usage
from marketplace.products.editions.rules import EditionExists, EditionPublished, EditionStatus, Fate, Limits

_LISTED = """
SELECT p.id, p.listed_version, (p.listed_at AT TIME ZONE 'Asia/Shanghai')::date AS listed_on,
       EXISTS (SELECT 1 FROM catalogue_entry c JOIN catalogue_edition e ON e.id = c.edition_id
               WHERE c.product_id = p.id AND e.status = 'published' AND e.year = $1 - 1 AND c.decision <> 'retire')
           AS in_last_edition
FROM product p JOIN organization o ON o.id = p.organization_id
WHERE p.status = 'listed' AND o.status = 'verified' ORDER BY p.id
"""
_TOLD = """
SELECT p.created_by, p.reference, v.title_zh, c.decision, c.reason
FROM catalogue_entry c JOIN product p ON p.id = c.product_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
WHERE c.edition_id = $1 AND c.decision IN ('adjust', 'retire') ORDER BY p.id
"""


@dataclass(frozen=True, slots=True)
class EntryDecision:
    """What an officer decides for some products of an edition; against the proposal only with a reason."""

    references: Sequence[str]
    fate: Fate
    reason: str = ""


def decides(principal: Principal) -> bool:
    """Tell whether the person draws editions up: reviewers of the whole city do, those of a district read."""
    return principal.scope(Permission.PRODUCT_REVIEW).covers_place(CITY)


async def draw_up(principal: Principal, year: int) -> int:
    """Propose for every listed product what the year's edition does with it; return how many entries it has."""
    principal.scope(Permission.PRODUCT_REVIEW).require_place(CITY)
    now, today = clock.now(), clock.today()
    found = await rules_on([EDITION_IDLE_DAYS, EDITION_RATINGS, EDITION_LOWEST_MEAN], on=today)
    limits = Limits(*(found[key].whole for key in (EDITION_IDLE_DAYS, EDITION_RATINGS, EDITION_LOWEST_MEAN)))
    used = await usage.of_year(year - 1)
    async with transaction():
        edition_id = await database.insert_once(
            "catalogue_edition",
            {"year": year, "status": "draft", "drawn_up_by": principal.actor, "drawn_up_at": now},
            ["year"],
        )
        if edition_id is None:
            raise EditionExists(year=year)
        entries = []
        for row in await database.fetch(_LISTED, year):
            use = used.get(row["id"], usage.Use())
            fate = rules.proposal(use, row["listed_on"], row["in_last_edition"], limits, today).value
            entries.append(
                (edition_id, row["id"], row["listed_version"], fate, fate, "", use.units, use.ratings, use.rating_sum)
            )
        if not entries:
            raise rules.NothingListed
        await database.copy_rows("catalogue_entry", _COLUMNS, entries)
        await audit.record(
            principal, "edition.drawn_up", "catalogue_edition", edition_id, year=year, entries=len(entries)
        )
    return len(entries)


async def decide_entries(principal: Principal, year: int, decision: EntryDecision) -> int:
    """Decide for some products at once; return how many."""
    principal.scope(Permission.PRODUCT_REVIEW).require_place(CITY)
    async with database.refusing(rules.CONSTRAINTS), transaction():
        edition = await _locked(year)
        changed = await database.execute(
            """UPDATE catalogue_entry c SET decision = $3, reason = $4 FROM product p
               WHERE p.id = c.product_id AND c.edition_id = $1 AND p.reference = ANY($2)""",
            *(edition["id"], list(decision.references), decision.fate.value, decision.reason.strip()),
        )
        if not changed or changed < len(set(decision.references)):
            raise NotFound
        await audit.record(
            *(principal, "edition.decided", "catalogue_edition", edition["id"]),
            fate=decision.fate.value, products=sorted(decision.references),
        )  # fmt: skip
    return changed


async def publish(principal: Principal, year: int) -> None:
    """Publish an edition, which freezes it; providers of products to adjust or retire are told."""
    principal.scope(Permission.PRODUCT_REVIEW).require_place(CITY)
    constraints = {**rules.CONSTRAINTS, "catalogue_edition_second_person": SamePersonRefused}
    async with database.refusing(constraints), transaction():
        edition = await _locked(year)
        published = {"status": "published", "published_by": principal.actor, "published_at": clock.now()}
        await database.update_row("catalogue_edition", edition["id"], published)
        await audit.record(principal, "edition.published", "catalogue_edition", edition["id"], year=year)
        await notify_many([_notice(row, year) for row in await database.fetch(_TOLD, edition["id"])])


async def _locked(year: int) -> Row:
    row = await database.fetch_one("SELECT id, status FROM catalogue_edition WHERE year = $1 FOR NO KEY UPDATE", year)
    if row is None:
        raise NotFound
    if row["status"] == EditionStatus.PUBLISHED:
        raise EditionPublished
    return row


def _notice(row: Row, year: int) -> Notice:
    return Notice(
        row["created_by"],
        N_("%(year)s 年版目录：“%(title)s”%(fate)s。%(reason)s"),
        {
            "year": year,
            "title": row["title_zh"],
            "fate": Message(rules.FATE_NAMES[Fate(row["decision"])]),
            "reason": row["reason"],
        },
        link=f"/my/products/{row['reference']}",
    )


_COLUMNS = (
    *("edition_id", "product_id", "product_version", "proposal", "decision", "reason"),
    *("units", "ratings", "rating_sum"),
)
