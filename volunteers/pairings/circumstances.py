"""What drafts are judged by, read once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import database
from app.core.errors import DomainError, NotFound
from volunteers.pairings.rules import Circumstances, PairingDraft, PairingKind, Term, refusal

_PLACES = "SELECT id, code, level FROM place WHERE id = ANY ($1)"
_HELD = "SELECT place_id, kind, from_day, until_day FROM pairing WHERE status = 'active' AND place_id = ANY ($1)"
_LICENSED = """
SELECT d.number FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::date[])
     WITH ORDINALITY AS d (kind, person_id, organization_id, from_day, number)
WHERE EXISTS (SELECT FROM person p WHERE p.id = d.person_id AND p.status <> 'left' AND (
          pairing_credentials(d.kind) = '{}' OR EXISTS (
              SELECT FROM credential c WHERE c.person_id = p.id AND c.kind = ANY (pairing_credentials(d.kind))
                AND c.verified_at IS NOT NULL AND c.valid_from <= d.from_day
                AND (c.valid_until IS NULL OR c.valid_until >= d.from_day))))
   OR EXISTS (SELECT FROM organization o WHERE o.id = d.organization_id AND o.status = 'verified'
              AND o.kind = ANY (pairing_organizations(d.kind)))
"""


@dataclass(frozen=True, slots=True)
class Found:
    """Places, what is paired there, and which drafts' other side may do the work."""

    codes: dict[int, str]
    villages: frozenset[int]
    held: dict[int, list[Term]]
    licensed: frozenset[int]


async def of(drafts: Sequence[PairingDraft]) -> Found:
    """Read what some drafts are judged by, in three statements however many they are."""
    places = await database.fetch(_PLACES, list({draft.place_id for draft in drafts}))
    held: dict[int, list[Term]] = {}
    for row in await database.fetch(_HELD, [row["id"] for row in places]):
        held.setdefault(row["place_id"], []).append(Term(PairingKind(row["kind"]), row["from_day"], row["until_day"]))
    licensed = await database.fetch(
        _LICENSED,
        [draft.kind.value for draft in drafts],
        [draft.person_id for draft in drafts],
        [draft.organization_id for draft in drafts],
        [draft.from_day for draft in drafts],
    )
    return Found(
        {row["id"]: row["code"] for row in places},
        frozenset(row["id"] for row in places if row["level"] == "village"),
        held,
        frozenset(row["number"] - 1 for row in licensed),
    )


def judged(drafts: Sequence[PairingDraft], found: Found, today: date) -> tuple[list[int], dict[int, DomainError]]:
    """Sort drafts into fit and refused, by number; one that holds at once counts against those after it."""
    fit: list[int] = []
    refused: dict[int, DomainError] = {}
    for number, draft in enumerate(drafts):
        held = found.held.setdefault(draft.place_id, [])
        around = Circumstances(draft.place_id in found.villages, tuple(held), number in found.licensed)
        against = NotFound() if draft.place_id not in found.codes else refusal(draft, around, today)
        if against:
            refused[number] = against
            continue
        fit.append(number)
        if draft.signed:
            held.append(Term(draft.kind, draft.from_day, draft.until_day))
    return fit, refused
