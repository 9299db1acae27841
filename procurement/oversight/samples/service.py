"""Drawing a sample, noting what was found in it."""

from dataclasses import dataclass
from uuid import UUID

from app.core import audit, clock, database, jobs
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from procurement.oversight.samples import rules
from procurement.oversight.samples.rules import Outcome, Population

PACKING = "procurement.pack_samples"
LONGEST = 500

# What can be drawn: signed contracts, services that took place, claims that stand.
_POPULATIONS = {
    Population.CONTRACT: """
SELECT c.reference FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
JOIN budget_line l ON l.id = p.budget_line_id
WHERE c.signed_at IS NOT NULL AND place.code LIKE $1 || '%' AND l.year = $2
""",
    Population.UNIT: """
SELECT o.reference FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN purchase p ON p.id = c.purchase_id
JOIN place ON place.id = p.place_id
WHERE o.status IN ('delivered', 'accepted', 'refused') AND place.code LIKE $1 || '%' AND o.year = $2
""",
    Population.CLAIM: """
SELECT claim.reference FROM claim JOIN place ON place.id = claim.place_id
JOIN budget_line l ON l.id = claim.budget_line_id
WHERE claim.status NOT IN ('rejected', 'reversed') AND place.code LIKE $1 || '%' AND l.year = $2
""",
}


@dataclass(frozen=True, slots=True)
class SampleWish:
    """What an auditor asks for."""

    population: Population
    place_code: str
    year: int
    size: int
    seed: str


async def draw_sample(principal: Principal, wish: SampleWish) -> str:
    """Draw a sample and keep it with its population; its evidence is packed by a job. Return its reference."""
    for permission in (Permission.AUDIT_READ, Permission.LEDGER_READ):
        principal.scope(permission).require_place(wish.place_code)
    async with transaction():
        rows = await database.fetch(_POPULATIONS[wish.population], wish.place_code, wish.year)
        population = sorted(row["reference"] for row in rows)
        seed = wish.seed.strip()
        faults = rules.wish_faults(seed, wish.size, len(population))
        if faults:
            raise InvalidInput(faults)
        sample_id = await _write(principal, wish, seed, population)
        await audit.record(principal, "audit_sample.drawn", "audit_sample", sample_id, size=wish.size)
        await jobs.enqueue(PACKING, now=clock.now())
        return str(await database.fetch_value("SELECT reference FROM audit_sample WHERE id = $1", sample_id))


async def note_finding(principal: Principal, item: UUID, outcome: Outcome, words: str) -> str:
    """Note what an auditor found in a drawn thing; the latest note counts. Return the sample's reference."""
    said = words.replace("\r\n", "\n").strip()
    if len(said) > LONGEST or (outcome is Outcome.QUESTION and not said):
        raise InvalidInput({"words": Message(N_("有疑问请写明是什么，最多 500 字。"))})
    scopes = [principal.scope(permission) for permission in (Permission.AUDIT_READ, Permission.LEDGER_READ)]
    async with transaction():
        row = await database.fetch_one(
            """SELECT i.id, s.reference, place.code FROM audit_sample_item i JOIN audit_sample s ON s.id = i.sample_id
               JOIN place ON place.id = s.place_id WHERE i.public_id = $1""",
            item,
        )
        if row is None or not all(scope.covers_place(row["code"]) for scope in scopes):
            raise NotFound
        await database.insert_row(
            "sample_finding",
            {
                "item_id": row["id"],
                "outcome": outcome.value,
                "words_zh": said,
                "found_by": principal.actor,
                "found_at": clock.now(),
            },
        )
        await audit.record(principal, f"audit_sample.{outcome.value}", "audit_sample_item", row["id"])
        return str(row["reference"])


async def _write(principal: Principal, wish: SampleWish, seed: str, population: list[str]) -> int:
    sample_id = await database.insert_row(
        "audit_sample",
        {
            "population": wish.population.value,
            "place_id": await database.fetch_value("SELECT id FROM place WHERE code = $1", wish.place_code),
            "year": wish.year,
            "seed": seed,
            "size": wish.size,
            "population_count": len(population),
            "population_refs": population,
            "population_sha256": rules.population_sha256(population),
            "drawn_by": principal.actor,
            "drawn_at": clock.now(),
        },
    )
    items = [
        (sample_id, position, reference, rules.digest(seed, reference))
        for position, reference in enumerate(rules.drawn(seed, population, wish.size), 1)
    ]
    await database.copy_rows("audit_sample_item", ("sample_id", "position", "reference", "digest"), items)
    return sample_id
