"""Reading a purchase's rounds: what officers may see, which before the deadline is no more than the public sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Scope
from app.core.errors import NotFound
from marketplace.organizations.matrix.queries import load_matrix
from marketplace.organizations.provision import Category
from marketplace.products.content import Unit
from procurement.offers.engine.keys import fingerprint
from procurement.offers.rules import Standing

LAST = """
SELECT DISTINCT ON (s.invitation_id) s.id, s.public_id, s.invitation_id, s.round_id, s.ciphertext, s.ciphertext_sha256,
       s.received_at
FROM sealed_quotation s WHERE s.round_id = $1 ORDER BY s.invitation_id, s.id DESC
"""
"""The last word of each supplier of a round; one without ciphertext was taken back."""


@dataclass(frozen=True, slots=True)
class AskedView:
    """What a purchase by quotations asks for."""

    purchase_id: int
    reference: str
    category: Category
    unit: Unit
    quantity: int
    ceiling_fen: int
    starts_on: date
    ends_on: date
    purpose_zh: str
    place_code: str
    place_zh: str
    place_en: str
    requirements: list[str]


@dataclass(frozen=True, slots=True)
class KeeperView:
    """A keeper of a round and what became of the key."""

    account_id: int
    name: str
    position: int
    fingerprint: str
    lost: bool
    unlocked_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitedView:
    """An invited supplier."""

    public_id: UUID
    organization_zh: str
    organization_en: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with its keepers and suppliers."""

    id: int
    number: int
    deadline: datetime
    needed: int
    invited_at: datetime
    opened_at: datetime | None
    keepers: list[KeeperView]
    suppliers: list[InvitedView]

    @property
    def unlocked(self) -> int:
        """Return how many keepers have brought their shares."""
        return sum(keeper.unlocked_at is not None for keeper in self.keepers)


@dataclass(frozen=True, slots=True)
class Choice:
    """A supplier or keeper to choose."""

    public_id: UUID
    name_zh: str
    name_en: str
    detail: str = ""


async def asked(purchase_id: int) -> AskedView:
    """Return what a purchase asks suppliers for."""
    row = await database.fetch_one(
        """SELECT p.id AS purchase_id, p.reference, q.category, q.unit, p.quantity, q.ceiling_fen, q.starts_on,
                  q.ends_on, p.purpose_zh, place.code AS place_code, place.name_zh AS place_zh,
                  place.name_en AS place_en,
                  ARRAY(SELECT r.text_zh FROM quotation_requirement r WHERE r.request_id = q.id ORDER BY r.position)
                      AS requirements
           FROM quotation_request q JOIN purchase p ON p.id = q.purchase_id JOIN place ON place.id = p.place_id
           WHERE p.id = $1""",
        purchase_id,
    )
    if row is None:
        raise NotFound
    return AskedView(**{**row, "category": Category(row["category"]), "unit": Unit(row["unit"])})


async def latest_standing(purchase_id: int) -> Standing:
    """Return how the latest round stands by the database's clock."""
    row = await database.fetch_one(_STANDING, purchase_id)
    if row is None:
        raise NotFound
    return Standing(**row)


async def latest_round(purchase_id: int) -> RoundView | None:
    """Return a purchase's latest round, if suppliers have been invited."""
    row = await database.fetch_one(
        """SELECT r.id, r.number, r.deadline, r.needed, r.invited_at, o.opened_at
           FROM quotation_round r LEFT JOIN quotation_opening o ON o.round_id = r.id
           WHERE r.purchase_id = $1 ORDER BY r.number DESC LIMIT 1""",
        purchase_id,
    )
    if row is None:
        return None
    keepers = await database.fetch(_KEEPERS, row["id"])
    suppliers = await database.fetch(
        """SELECT i.public_id, o.name_zh AS organization_zh, o.name_en AS organization_en FROM quotation_invitation i
           JOIN organization o ON o.id = i.organization_id WHERE i.round_id = $1 ORDER BY o.name_zh""",
        row["id"],
    )
    return RoundView(
        **row,
        keepers=[KeeperView(fingerprint=fingerprint(keeper.pop("public_key")), **keeper) for keeper in keepers],
        suppliers=[InvitedView(**supplier) for supplier in suppliers],
    )


async def suppliers_for(category: Category) -> list[Choice]:
    """Return the verified organizations that may provide a category, by name."""
    rows = await database.fetch(
        """SELECT o.public_id, o.name_zh, o.name_en FROM organization o
           WHERE o.status = 'verified' AND o.kind = ANY($1) ORDER BY o.name_zh LIMIT 200""",
        [kind.value for kind in (await load_matrix()).kinds_that_may(category, clock.today())],
    )
    return [Choice(**row) for row in rows]


async def keepers_for(place_code: str, without: Sequence[int]) -> list[Choice]:
    """Return the officers of a place who have a key, each with its fingerprint, without those who may not hold one."""
    rows = await database.fetch(
        """SELECT account.public_id, account.display_name AS name_zh, k.public_key FROM keeper_key k
           JOIN account ON account.id = k.account_id AND account.status = 'active'
           WHERE k.revoked_at IS NULL AND NOT account.id = ANY($2)
             AND EXISTS (SELECT FROM membership m WHERE m.account_id = account.id AND starts_with($1, m.place_code))
           ORDER BY account.display_name LIMIT 100""",
        place_code,
        list(without),
    )
    return [Choice(row["public_id"], row["name_zh"], "", fingerprint(row["public_key"])) for row in rows]


async def kept_by(account_id: int, scope: Scope) -> list[tuple[str, str, datetime, int, int]]:
    """Return the sealed rounds that a keeper holds a share of: reference, purpose, deadline, live keys, needed."""
    rows = await database.fetch(
        """SELECT p.reference, p.purpose_zh, r.deadline, r.needed,
                  (SELECT count(*) FROM quotation_keeper o JOIN keeper_key ON keeper_key.id = o.keeper_key_id
                   WHERE o.round_id = r.id AND keeper_key.revoked_at IS NULL) AS live
           FROM quotation_keeper k JOIN quotation_round r ON r.id = k.round_id JOIN purchase p ON p.id = r.purchase_id
           JOIN place ON place.id = p.place_id
           WHERE k.account_id = $1 AND p.status = 'quotations_sealed' AND place.code LIKE ANY($2)
             AND NOT EXISTS (SELECT FROM quotation_round n WHERE n.purchase_id = p.id AND n.number > r.number)
             AND NOT EXISTS (SELECT FROM quotation_unlock u WHERE u.keeper_id = k.id)
           ORDER BY r.deadline""",
        account_id,
        scope.like_patterns(),
    )
    return [(row["reference"], row["purpose_zh"], row["deadline"], row["live"], row["needed"]) for row in rows]


_KEEPERS = """
SELECT k.account_id, account.display_name AS name, k.position, keeper_key.public_key,
       keeper_key.revoked_at IS NOT NULL AS lost, u.unlocked_at
FROM quotation_keeper k JOIN account ON account.id = k.account_id JOIN keeper_key ON keeper_key.id = k.keeper_key_id
LEFT JOIN quotation_unlock u ON u.keeper_id = k.id WHERE k.round_id = $1 ORDER BY k.position
"""
_STANDING = """
SELECT clock_timestamp() AS now, r.deadline, r.needed, o.id IS NOT NULL AS opened,
       (SELECT count(*) FROM (SELECT DISTINCT ON (s.invitation_id) s.ciphertext FROM sealed_quotation s
                              WHERE s.round_id = r.id ORDER BY s.invitation_id, s.id DESC) AS last
        WHERE last.ciphertext IS NOT NULL) AS quotations,
       (SELECT count(*) FROM quotation_keeper k JOIN keeper_key ON keeper_key.id = k.keeper_key_id
        LEFT JOIN quotation_unlock u ON u.keeper_id = k.id
        WHERE k.round_id = r.id AND (keeper_key.revoked_at IS NULL OR u.id IS NOT NULL)) AS live_keys,
       (SELECT count(*) FROM opened_quotation q WHERE q.round_id = r.id
        AND NOT EXISTS (SELECT FROM quotation_exclusion x WHERE x.opened_quotation_id = q.id)) AS countable
FROM quotation_round r LEFT JOIN quotation_opening o ON o.round_id = r.id
WHERE r.purchase_id = $1 ORDER BY r.number DESC LIMIT 1
"""
