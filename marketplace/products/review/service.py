"""Taking products up for review and deciding on them, many at once where an officer's desk does so."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, SamePersonRefused
from app.core.text import N_, Message
from app.notifications.service import Notice, notify_many
from marketplace.organizations.provision import LICENCE_KINDS
from marketplace.products import rules
from marketplace.products.dossiers import Dossier, read_dossiers
from marketplace.products.listings.service import index_listings
from marketplace.products.review.rules import (
    Reviewer,
    TieKnown,
    Verdict,
    require_decidable,
    require_impartial,
    require_known_fields,
)
from marketplace.products.rules import ProductEvent, Stage
from marketplace.products.service import move
from marketplace.products.suspension.rules import ProviderNotVerified

_SUSPEND_UNQUALIFIED = """
WITH unqualified AS (
    SELECT p.id FROM product p JOIN organization o ON o.id = p.organization_id
    WHERE p.status = 'listed' AND (o.status <> 'verified' OR NOT EXISTS (
        SELECT 1 FROM qualification q
        WHERE q.organization_id = o.id AND q.verified_at IS NOT NULL AND q.kind = ($2::jsonb ->> o.kind)
          AND q.valid_from <= $1 AND coalesce(q.valid_until, 'infinity') >= $1))
    ORDER BY p.id FOR NO KEY UPDATE OF p)
UPDATE product SET status = 'suspended', suspended_for = 'licence' FROM unqualified
WHERE product.id = unqualified.id RETURNING product.id
"""


@dataclass(frozen=True, slots=True)
class ProductDecision:
    """A reviewer's verdict on the version that was read, with its written reasons."""

    reference: str
    version: int
    verdict: Verdict
    reasons: str
    fields: tuple[str, ...] = ()  # of a request for changes: what to change


_REVIEWING: dict[str, type[DomainError]] = {
    "product_reviewer_is_not_author": SamePersonRefused,
    "product_begun_by_another": SamePersonRefused,
    "product_reviewer_without_tie": TieKnown,
    "product_listed_by_verified": ProviderNotVerified,
}


async def begin_review(principal: Principal, references: Sequence[str]) -> None:
    """Take submitted products up; who takes one up declares to have no tie to its provider."""
    async with transaction(), database.refusing(_REVIEWING):
        dossiers = await _impartially_read(principal, references)
        moved = [(dossier, rules.step(dossier.stage, ProductEvent.BEGIN_REVIEW)) for dossier in dossiers]
        await database.execute(
            """INSERT INTO review_start (product_version_id, author_id, reviewer_id, begun_at)
               SELECT v.id, v.author_id, $2, $3 FROM product_version v WHERE v.id = ANY ($1) ORDER BY v.id""",
            [dossier.version_id for dossier in dossiers],
            principal.actor,
            clock.now(),
        )
        await move(principal, moved, ProductEvent.BEGIN_REVIEW)


async def decide_products(principal: Principal, decisions: Sequence[ProductDecision]) -> None:
    """List, send back, reject, suspend, reinstate or delist products; all or none."""
    wanted = {decision.reference: decision for decision in decisions}
    async with transaction(), database.refusing(_REVIEWING):
        dossiers = await _impartially_read(principal, list(wanted))
        decided: dict[Verdict, list[tuple[Dossier, Stage]]] = {}
        for dossier in dossiers:
            decision = wanted[dossier.reference]
            decided_on = dossier.listed_version if decision.verdict.on_listing else dossier.latest_version
            require_decidable(decision.version, decided_on, decision.reasons)
            require_known_fields(decision.verdict, decision.fields)
            after = rules.step(dossier.stage, decision.verdict.event)
            decided.setdefault(decision.verdict, []).append((dossier, after))
        await _write_decisions(principal, [(dossier, wanted[dossier.reference]) for dossier in dossiers])
        await notify_many([_notice(dossier, wanted[dossier.reference]) for dossier in dossiers])
        for verdict, moved in decided.items():
            if verdict is Verdict.LIST:
                await _make_public([dossier for dossier, _ in moved])
            await move(principal, moved, verdict.event)


async def suspend_unqualified(principal: Principal) -> list[int]:
    """Suspend listings whose provider is no longer verified or whose licence has run out (条例 §19)."""
    principal.scope(Permission.PRODUCT_REVIEW)
    async with transaction():
        rows = await database.fetch(_SUSPEND_UNQUALIFIED, clock.today(), LICENCE_KINDS)
        entries = [
            audit.Entry(
                "product.suspend", "product", row["id"], {"from": "listed", "to": "suspended", "ground": "licence"}
            )
            for row in rows
        ]
        await audit.record_many(principal, entries)
    return [row["id"] for row in rows]


async def _impartially_read(principal: Principal, references: Sequence[str]) -> list[Dossier]:
    scope = principal.scope(Permission.PRODUCT_REVIEW)
    dossiers = await read_dossiers(references, principal.actor, lock=True)
    for dossier in dossiers:
        scope.require_place(dossier.place_code)
        require_impartial(Reviewer(principal.actor, dossier.tied), dossier.author_id, dossier.organization_name)
    return dossiers


async def _write_decisions(principal: Principal, decided: Sequence[tuple[Dossier, ProductDecision]]) -> None:
    await database.execute(
        """INSERT INTO product_decision
               (product_version_id, author_id, reviewer_id, verdict, reasons, decided_at, fields)
           SELECT v.id, v.author_id, $6, d.verdict, d.reasons, $7, string_to_array(d.fields, ',')
           FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::text[], $5::text[])
                AS d (product_id, number, verdict, reasons, fields)
           JOIN product_version v ON v.product_id = d.product_id AND v.number = d.number""",
        *database.columns(
            [(x.id, d.version, d.verdict.value, d.reasons.strip(), ",".join(d.fields)) for x, d in decided], 5
        ),
        principal.actor,
        clock.now(),
    )


def _notice(dossier: Dossier, decision: ProductDecision) -> Notice:
    return Notice(
        dossier.author_id,
        N_("产品“%(title)s”：%(verdict)s。理由：%(reasons)s"),
        {
            "title": dossier.content.title_zh,
            "verdict": Message(rules.EVENT_NAMES[decision.verdict.event]),
            "reasons": decision.reasons.strip(),
        },
        link=f"/my/products/{dossier.reference}",
    )


async def _make_public(dossiers: Sequence[Dossier]) -> None:
    """Point the catalogue at the versions just decided."""
    await database.execute(
        """UPDATE product p SET listed_version = d.version, listed_at = coalesce(p.listed_at, $3)
           FROM unnest($1::bigint[], $2::integer[]) AS d (id, version) WHERE p.id = d.id""",
        *database.columns([(d.id, d.latest_version) for d in dossiers], 2),
        clock.now(),
    )
    await index_listings([dossier.id for dossier in dossiers])
