"""Reading proofs: what an order needs and has, its files, its service log, and what providers are still to bring."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Scope
from app.core.errors import NotFound
from procurement.deliveries.acceptances.rules import RectificationStatus
from procurement.deliveries.proofs.parties import OWNER, PARTIES, hands_in, reads
from procurement.deliveries.proofs.rules import PICTURES, TAKES_PROOFS, Need, ProofKind
from procurement.deliveries.rules import OrderStatus


@dataclass(frozen=True, slots=True)
class ProofView:
    """One file in a list; ``file_id`` opens it."""

    public_id: UUID
    file_id: UUID
    kind: ProofKind
    file_name: str
    media_type: str
    taken_at: datetime
    taken_where: str
    handed_in_at: datetime

    @property
    def is_picture(self) -> bool:
        """Tell whether it can be shown on a page."""
        return self.media_type in PICTURES


@dataclass(frozen=True, slots=True)
class LogView:
    """The service log that counts."""

    topic_zh: str
    people: int
    asked_zh: str
    follow_up_zh: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ProofsView:
    """Everything about one order's proofs."""

    order_id: int
    reference: str
    status: OrderStatus
    starts: datetime
    needs: tuple[Need, ...]
    files: tuple[ProofView, ...]
    log: LogView | None
    open: bool  # the person may hand in now

    @property
    def complete(self) -> bool:
        """Tell whether nothing is missing."""
        return not any(need.missing for need in self.needs)


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """What the page above the proofs says about the delivery."""

    title_zh: str
    title_en: str
    organization_zh: str
    organization_en: str
    place_zh: str
    place_en: str
    town_zh: str
    town_en: str
    starts: datetime
    minutes: int
    code: str | None  # of the assignment: what residents scan


@dataclass(frozen=True, slots=True)
class Marks:
    """An order's proofs, opinions and judgements in a few marks."""

    reference: str
    status: OrderStatus
    needs: tuple[Need, ...]
    open: bool
    judged: bool
    rectification: RectificationStatus | None
    due_on: date | None
    opinions: int
    stars: int


SERVED = frozenset({OrderStatus.SCHEDULED, OrderStatus.DELIVERED, OrderStatus.ACCEPTED, OrderStatus.REFUSED})
_MARKS = f"""
SELECT marked.*, t.status AS rectification, t.due_on, said.opinions, said.stars,
       EXISTS (SELECT FROM judgement j WHERE j.village_order_id = marked.id) AS judged
FROM ({PARTIES} WHERE o.id = $1) AS marked
LEFT JOIN rectification t ON t.village_order_id = marked.id AND t.status <> 'judged'
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS opinions, coalesce(sum(r.stars), 0)::integer AS stars FROM shift_rating r
    JOIN village_order o ON o.assignment_id = r.assignment_id WHERE o.id = marked.id) AS said
"""
_FILES = """
SELECT p.public_id, f.public_id AS file_id, p.kind, f.file_name, f.media_type, p.taken_at, p.taken_where, p.handed_in_at
FROM proof p JOIN attachment f ON f.owner_type = $2 AND f.owner_id = p.id
WHERE p.village_order_id = $1 ORDER BY p.kind DESC, p.id
"""
_DELIVERY = """
SELECT v.title_zh, v.title_en, org.name_zh AS organization_zh, org.name_en AS organization_en,
       place.name_zh AS place_zh, place.name_en AS place_en, town.name_zh AS town_zh, town.name_en AS town_en,
       o.wished_start AS starts, o.minutes, a.thanks_code AS code
FROM village_order o JOIN contract c ON c.id = o.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN organization org ON org.id = c.organization_id JOIN place ON place.id = o.place_id
JOIN place town ON town.id = place.parent_id LEFT JOIN assignment a ON a.id = o.assignment_id WHERE o.id = $1
"""


async def needs_of(order_ids: Sequence[int]) -> dict[int, list[Need]]:
    """Return what each order needs and has, in the order of kinds."""
    rows = await database.fetch("SELECT * FROM proofs_of($1)", list(order_ids))
    kinds = list(ProofKind)
    found: dict[int, list[Need]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: kinds.index(ProofKind(row["kind"]))):
        found[row["village_order_id"]].append(Need(ProofKind(row["kind"]), row["needed"], row["present"]))
    return found


async def proofs(principal: Principal, reference: str) -> ProofsView:
    """Return an order's proofs to whoever may look at them."""
    row = await database.fetch_one(f"{PARTIES} WHERE o.reference = $1", reference, principal.account_id)
    if row is None or not reads(principal, row):
        raise NotFound
    status = OrderStatus(row["status"])
    files = await database.fetch(_FILES, row["id"], OWNER)
    return ProofsView(
        order_id=row["id"],
        reference=row["reference"],
        status=status,
        starts=row["wished_start"],
        needs=tuple((await needs_of([row["id"]])).get(row["id"], ())),
        files=tuple(ProofView(**{**file, "kind": ProofKind(file["kind"])}) for file in files),
        log=await log_of(row["id"]),
        open=hands_in(principal, row) and status in TAKES_PROOFS and row["wished_start"] <= clock.now(),
    )


async def marks(principal: Principal, order_id: int) -> Marks | None:
    """Return what the order's page says about its proofs, opinions and judgements; nothing before the service."""
    row = await database.fetch_one(_MARKS, order_id, principal.account_id)
    if row is None or row["wished_start"] > clock.now() or OrderStatus(row["status"]) not in SERVED:
        return None
    return Marks(
        reference=row["reference"],
        status=OrderStatus(row["status"]),
        needs=tuple((await needs_of([order_id])).get(order_id, ())),
        open=hands_in(principal, row) and OrderStatus(row["status"]) in TAKES_PROOFS,
        judged=row["judged"],
        rectification=RectificationStatus(row["rectification"]) if row["rectification"] else None,
        due_on=row["due_on"],
        opinions=row["opinions"],
        stars=row["stars"],
    )


async def log_of(order_id: int) -> LogView | None:
    """Return the newest entry of an order's service log."""
    row = await database.fetch_one(
        """SELECT topic_zh, people, asked_zh, follow_up_zh, written_at FROM service_log
           WHERE village_order_id = $1 ORDER BY id DESC LIMIT 1""",
        order_id,
    )
    return LogView(**row) if row else None


async def delivery(order_id: int) -> DeliveryView:
    """Return what stands above an order's proofs; the page has checked who looks."""
    row = await database.fetch_one(_DELIVERY, order_id)
    if row is None:
        raise NotFound
    return DeliveryView(**row)


async def picture_of(public_id: UUID) -> ProofView | None:
    """Return a file by its proof's id; opening it checks who asks."""
    row = await database.fetch_one(
        """SELECT p.public_id, f.public_id AS file_id, p.kind, f.file_name, f.media_type, p.taken_at, p.taken_where,
                  p.handed_in_at
           FROM proof p JOIN attachment f ON f.owner_type = $2 AND f.owner_id = p.id WHERE p.public_id = $1""",
        *(public_id, OWNER),
    )
    return ProofView(**{**row, "kind": ProofKind(row["kind"])}) if row else None


@dataclass(frozen=True, slots=True)
class ToBring:
    """A delivery that waits for its provider: proofs are missing, or it was sent back."""

    id: int
    reference: str
    title_zh: str
    title_en: str
    town_zh: str
    town_en: str
    place_zh: str
    place_en: str
    starts: datetime
    needs: tuple[Need, ...]
    rectification: RectificationStatus | None
    due_on: date | None


async def to_bring(scope: Scope, limit: int = 200) -> list[ToBring]:
    """Return a provider's deliveries that wait for it, the oldest first."""
    rows = await database.fetch(_TO_BRING, list(scope.organization_ids), limit)
    needs = await needs_of([row["id"] for row in rows])
    return [
        ToBring(
            **{
                **row,
                "rectification": RectificationStatus(row["rectification"]) if row["rectification"] else None,
                "needs": tuple(needs.get(row["id"], ())),
            }
        )
        for row in rows
    ]


_TO_BRING = """
SELECT o.id, o.reference, v.title_zh, v.title_en, town.name_zh AS town_zh, town.name_en AS town_en,
       place.name_zh AS place_zh, place.name_en AS place_en, o.wished_start AS starts, t.status AS rectification,
       t.due_on
FROM village_order o JOIN contract c ON c.id = o.contract_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN place ON place.id = o.place_id JOIN place town ON town.id = place.parent_id
LEFT JOIN rectification t ON t.village_order_id = o.id AND t.status <> 'judged'
WHERE o.status = 'delivered' AND c.organization_id = ANY($1)
  AND (t.status = 'asked' OR EXISTS (SELECT FROM proofs_of(ARRAY[o.id]) WHERE present < needed))
ORDER BY o.wished_start, o.id LIMIT $2
"""
