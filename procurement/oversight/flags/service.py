"""The night's look, and an auditor's word about what it found."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.state import advance
from app.core.text import N_, Message
from app.rulebook import RuleMissing, RuleNotVerified
from procurement.oversight.flags import buying, delivering, rules
from procurement.oversight.flags.ground import Ground, Observed
from procurement.oversight.flags.rules import FlagEvent, FlagKind, FlagStatus, Part

LOOKS: Mapping[FlagKind, Callable[[Ground], Awaitable[list[Observed]]]] = {
    FlagKind.SPLITTING: buying.splitting,
    FlagKind.SHORT_PERIOD: buying.short_period,
    FlagKind.SINGLE_RESPONSE: buying.single_response,
    FlagKind.IDENTICAL_PRICES: buying.identical_prices,
    FlagKind.FIXED_RATIO: buying.fixed_ratio,
    FlagKind.ALL_EXCLUDED: buying.all_excluded,
    FlagKind.LOW_PRICE: buying.low_price,
    FlagKind.CAPTURE: buying.capture,
    FlagKind.OVERLAP: delivering.overlap,
    FlagKind.BILLED_TWICE: delivering.billed_twice,
    FlagKind.PAID_EARLY: delivering.paid_early,
    FlagKind.SAME_PERSON: delivering.same_person,
    FlagKind.NO_OPINION: delivering.no_opinion,
    FlagKind.LATE_NOTICE: buying.late_notice,
}
LONGEST = 500
_COLUMNS = (
    "kind", "subject", "place_id", "year", "budget_line_id", "purchase_id", "village_order_id", "claim_id",
    "organization_id", "person_id", "measured", "threshold", "unit", "n", "minimum", "parts", "document", "article",
    "verified", "found_at",
)  # fmt: skip
_FIGURES = ("measured", "threshold", "unit", "n", "minimum", "parts", "document", "article", "verified")
_STANDING = """
SELECT id, kind, subject, measured, threshold, unit, n, minimum, parts::text AS parts, document, article, verified
FROM review_flag WHERE closed_at IS NULL AND kind = ANY($1) AND year = ANY($2) ORDER BY id FOR NO KEY UPDATE
"""
# A night that is caught up after a later one: what it saw then is no longer so.
_LOOKED_SINCE = "SELECT EXISTS (SELECT FROM review_flag WHERE greatest(found_at, closed_at) > $1)"
_LOCKED = """
SELECT f.id, f.closed_at, place.code AS place_code,
       coalesce((SELECT r.outcome FROM flag_review r WHERE r.flag_id = f.id ORDER BY r.id DESC LIMIT 1),
                'open') AS status
FROM review_flag f JOIN place ON place.id = f.place_id WHERE f.public_id = $1 FOR NO KEY UPDATE OF f
"""


class Evidence(msgspec.Struct, frozen=True):
    """The inputs beside the measured figure, and the references of what was compared."""

    parts: tuple[Part, ...] = ()
    references: tuple[str, ...] = ()


async def look(now: datetime) -> dict[str, int]:
    """Compute this year's and last year's flags anew: new ones are opened, those that no longer hold are closed.

    A flag whose figures changed is closed and opened again, so that nobody's explanation stands under other figures. A
    kind whose figure nobody has confirmed is left as it is, and so is everything if somebody has looked since `now`.
    """
    if await database.fetch_value(_LOOKED_SINCE, now):
        return {"opened": 0, "closed": 0, "standing": 0, "kinds": 0}
    year = clock.local(now).year
    ground = Ground(now, (year - 1, year))
    seen: list[Observed] = []
    looked = []
    for kind, find in LOOKS.items():
        try:
            seen += await find(ground)
        except (RuleNotVerified, RuleMissing):
            continue
        looked.append(kind.value)
    async with transaction():
        opened, closed = await _write(seen, looked, ground)
    return {"opened": opened, "closed": closed, "standing": len(seen), "kinds": len(looked)}


async def review_flag(principal: Principal, public_id: UUID, event: FlagEvent, words: str) -> None:
    """Note an auditor's word about a flag."""
    said = words.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput({"words": Message(N_("请写明核查情况，最多 500 字。"))})
    scope, reading = principal.scope(Permission.AUDIT_READ), principal.scope(Permission.LEDGER_READ)
    async with transaction():
        flag = await database.fetch_one(_LOCKED, public_id)
        if flag is None or not reading.covers_place(flag["place_code"]):
            raise NotFound
        scope.require_place(flag["place_code"])
        if flag["closed_at"] is not None:
            raise rules.FlagIsClosed
        status = advance(rules.TRANSITIONS, FlagStatus(flag["status"]), event)
        async with database.refusing(rules.CONSTRAINTS):
            await database.insert_row(
                "flag_review",
                {
                    "flag_id": flag["id"],
                    "outcome": status.value,
                    "words_zh": said,
                    "reviewed_by": principal.actor,
                    "reviewed_at": clock.now(),
                },
            )
        await audit.record(principal, f"review_flag.{status.value}", "review_flag", flag["id"])


async def _write(seen: Sequence[Observed], looked: Sequence[str], ground: Ground) -> tuple[int, int]:
    rows = {(row["kind"], row["subject"]): row for row in (_row(one, ground.now) for one in seen)}
    gone = []
    for standing in await database.fetch(_STANDING, looked, ground.years):
        key = standing["kind"], standing["subject"]
        found = rows.get(key)
        if found and all(_same(standing, found, name) for name in _FIGURES):
            del rows[key]
        else:
            gone.append(standing["id"])
    await database.execute("UPDATE review_flag SET closed_at = $2 WHERE id = ANY($1)", gone, ground.now)
    new = [[row[name] for name in _COLUMNS] for row in rows.values()]
    await database.copy_rows("review_flag", _COLUMNS, new)
    return len(new), len(gone)


def _row(one: Observed, now: datetime) -> dict[str, Any]:
    subject, found = one.subject, one.found
    evidence = msgspec.json.encode(Evidence(found.parts, one.references)).decode()
    return {
        "kind": one.kind.value, "subject": subject.key, "place_id": subject.place_id, "year": subject.year,
        "budget_line_id": subject.budget_line_id, "purchase_id": subject.purchase_id,
        "village_order_id": subject.village_order_id, "claim_id": subject.claim_id,
        "organization_id": subject.organization_id, "person_id": subject.person_id, "measured": found.measured,
        "threshold": found.threshold, "unit": found.unit, "n": found.n, "minimum": found.minimum, "parts": evidence,
        "document": found.source.document, "article": found.source.article, "verified": found.source.verified,
        "found_at": now,
    }  # fmt: skip


def _same(standing: dict[str, Any], found: dict[str, Any], name: str) -> bool:
    if name == "parts":
        return database.decoded(standing[name], Evidence) == database.decoded(found[name], Evidence)
    return bool(standing[name] == found[name])
