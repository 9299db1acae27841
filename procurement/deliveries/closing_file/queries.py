"""Reading all that goes into a contract's closing file: one statement for each kind of thing, however many units."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.attachments.owners import unsealed
from app.attachments.store import store
from app.core import database
from app.core.access import Principal
from procurement import law
from procurement.contracts.queries import ContractView
from procurement.contracts.requirements.rules import Line, LineKind
from procurement.deliveries.acceptances.rules import Outcome
from procurement.deliveries.law import OPINIONS
from procurement.deliveries.proofs.parties import OWNER
from procurement.deliveries.proofs.rules import ProofKind
from procurement.deliveries.workload.queries import UnitRow, workload
from procurement.purchases.rules import Method


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought how, why, and how it was evaluated."""

    reference: str
    method: Method
    purpose_zh: str
    requested_at: datetime
    approved_at: datetime | None
    evaluation_zh: str
    buyer: str
    provider_signer: str | None
    score: int | None  # tenths of a point of 100
    returned_fen: int  # of the advance


@dataclass(frozen=True, slots=True)
class Log:
    """What a service log says."""

    topic_zh: str
    people: int
    asked_zh: str
    follow_up_zh: str


@dataclass(frozen=True, slots=True)
class File:
    """One original: where its bytes are, and what it shows."""

    proof_id: int
    order_id: int
    kind: ProofKind
    sha256: bytes  # of the file as it was handed in
    stored_sha256: bytes
    file_name: str
    media_type: str
    taken_at: datetime
    taken_where: str

    async def content(self) -> bytes:
        """Return the file as it was handed in."""
        return await unsealed(OWNER, self.proof_id, await store().get(self.stored_sha256))


@dataclass(frozen=True, slots=True)
class Judged:
    """The final judgement of a unit, line by line; the acceptor signs with the hash."""

    verdict: Outcome
    rating: int
    people_reached: int
    opinion: str
    acceptor: str
    judged_at: datetime
    sha256: bytes
    lines: tuple[tuple[Line, bool, str], ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """One claim of the contract, for a unit or for several: how far its money is, when it was paid."""

    order_reference: str | None  # None: an advance or a milestone
    item: str
    reference: str
    service_day: date
    amount_fen: int
    status: str
    batch: str | None
    paid_at: datetime | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What those who were there said: how many gave how many stars, and their words."""

    stars: Mapping[int, int]
    words: tuple[str, ...]
    fewest: int  # below so many, no mean is printed

    @property
    def count(self) -> int:
        """Return how many spoke."""
        return sum(self.stars.values())

    @property
    def mean(self) -> float | None:
        """Return the mean, or None where too few spoke for it to say something."""
        if not self.count or self.count < self.fewest:
            return None
        return sum(star * count for star, count in self.stars.items()) / self.count


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one contract."""

    contract: ContractView
    purchase: Purchase
    units: Sequence[UnitRow]
    logs: Mapping[int, Log]
    files: Mapping[int, Sequence[File]]
    judged: Mapping[int, Judged]
    costs: Sequence[Cost]
    satisfaction: Satisfaction

    @property
    def open_units(self) -> list[UnitRow]:
        """Return the units that still wait for their judgement."""
        return [unit for unit in self.units if unit.verdict is None]


_PURCHASE = """
SELECT p.reference, p.method, p.purpose_zh, p.requested_at, p.approved_at, p.evaluation_zh,
       buyer.display_name AS buyer, provider.display_name AS provider_signer, e.score,
       coalesce((SELECT amount_fen FROM advance_return r WHERE r.contract_id = c.id), 0) AS returned_fen
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN account buyer ON buyer.id = c.signed_by_buyer
LEFT JOIN account provider ON provider.id = c.signed_by_provider
LEFT JOIN purchase_evaluation e ON e.purchase_id = p.id WHERE c.id = $1
"""
_LOGS = """
SELECT DISTINCT ON (village_order_id) village_order_id, topic_zh, people, asked_zh, follow_up_zh
FROM service_log WHERE village_order_id = ANY($1) ORDER BY village_order_id, id DESC
"""
_FILES = """
SELECT p.id AS proof_id, p.village_order_id AS order_id, p.kind, p.sha256, f.sha256 AS stored_sha256, f.file_name,
       f.media_type, p.taken_at, p.taken_where
FROM proof p JOIN attachment f ON f.owner_type = $2 AND f.owner_id = p.id
WHERE p.village_order_id = ANY($1) ORDER BY p.village_order_id, p.kind DESC, p.id
"""
_JUDGED = """
SELECT j.id, j.village_order_id, j.verdict, j.rating, j.people_reached, j.opinion, account.display_name AS acceptor,
       j.judged_at, j.sha256
FROM judgement j JOIN account ON account.id = j.judged_by
WHERE j.village_order_id = ANY($1) AND j.verdict <> 'rectify'
"""
_LINES = """
SELECT x.judgement_id, l.number, l.kind, l.text_zh, l.figure, x.met, x.words
FROM line_judgement x JOIN requirement_line l ON l.id = x.requirement_line_id
WHERE x.judgement_id = ANY($1) ORDER BY x.judgement_id, l.number
"""
_COSTS = """
SELECT o.reference AS order_reference, claim.item, claim.reference, claim.service_day, claim.amount_fen, claim.status,
       batch.reference AS batch, batch.paid_at
FROM claim LEFT JOIN village_order o ON o.id = claim.village_order_id
LEFT JOIN settlement_item item ON item.claim_id = claim.id AND item.live
LEFT JOIN settlement_batch batch ON batch.id = item.batch_id
WHERE claim.contract_id = $1 ORDER BY claim.service_day, claim.id
"""
_STARS = """
SELECT r.stars, count(*) AS number FROM shift_rating r JOIN village_order o ON o.assignment_id = r.assignment_id
WHERE o.contract_id = $1 GROUP BY r.stars
"""
_WORDS = """
SELECT t.words FROM shift_thanks t JOIN shift_rating r ON r.id = t.rating_id
JOIN village_order o ON o.assignment_id = r.assignment_id
WHERE o.contract_id = $1 AND t.status = 'shown' ORDER BY t.id DESC LIMIT 30
"""
_OUTLINE = """
SELECT p.evaluation_zh <> '' AS evaluated,
       (SELECT count(*) FROM proof JOIN attachment f ON f.owner_type = $3 AND f.owner_id = proof.id
        WHERE proof.village_order_id = ANY($2)) AS files,
       (SELECT count(*) FROM shift_rating r JOIN village_order o ON o.assignment_id = r.assignment_id
        WHERE o.contract_id = c.id) AS opinions
FROM contract c JOIN purchase p ON p.id = c.purchase_id WHERE c.id = $1
"""


@dataclass(frozen=True, slots=True)
class Outline:
    """What the closing file's page says about it before it is made."""

    contract: ContractView
    units: Sequence[UnitRow]
    evaluated: bool
    files: int
    opinions: int

    @property
    def open_units(self) -> list[UnitRow]:
        """Return the units that still wait for their judgement."""
        return [unit for unit in self.units if unit.verdict is None]


async def outline(principal: Principal, reference: str) -> Outline:
    """Return what a contract's closing file will hold, to its parties and those who watch."""
    contract, units = await workload(principal, reference)
    row = await database.fetch_one(_OUTLINE, contract.id, [unit.id for unit in units], OWNER)
    if row is None:
        raise LookupError(reference)
    return Outline(contract, units, **row)


async def dossier(principal: Principal, reference: str) -> Dossier:
    """Return a contract's dossier to its parties and those who watch."""
    contract, units = await workload(principal, reference)
    ids = [unit.id for unit in units]
    purchase = await database.fetch_one(_PURCHASE, contract.id)
    if purchase is None:
        raise LookupError(reference)
    files: dict[int, list[File]] = defaultdict(list)
    for row in await database.fetch(_FILES, ids, OWNER):
        files[row["order_id"]].append(File(**{**row, "kind": ProofKind(row["kind"])}))
    logs = await database.fetch(_LOGS, ids)
    return Dossier(
        contract=contract,
        purchase=Purchase(**{**purchase, "method": Method(purchase["method"])}),
        units=units,
        logs={row.pop("village_order_id"): Log(**row) for row in logs},
        files=files,
        judged=await _judged(ids),
        costs=[Cost(**row) for row in await database.fetch(_COSTS, contract.id)],
        satisfaction=await _satisfaction(contract),
    )


async def _judged(ids: Sequence[int]) -> dict[int, Judged]:
    rows = await database.fetch(_JUDGED, ids)
    lines: dict[int, list[tuple[Line, bool, str]]] = defaultdict(list)
    for line in await database.fetch(_LINES, [row["id"] for row in rows]):
        demanded = Line(line["number"], LineKind(line["kind"]), line["text_zh"], line["figure"])
        lines[line["judgement_id"]].append((demanded, line["met"], line["words"]))
    return {
        row["village_order_id"]: Judged(
            Outcome(row["verdict"]), row["rating"], row["people_reached"], row["opinion"], row["acceptor"],
            row["judged_at"], row["sha256"], tuple(lines[row["id"]]),
        )
        for row in rows
    }  # fmt: skip


async def _satisfaction(contract: ContractView) -> Satisfaction:
    fewest = await law.figure(OPINIONS, contract.starts_on, contract.place_code)
    stars = {row["stars"]: row["number"] for row in await database.fetch(_STARS, contract.id)}
    words = tuple(row["words"] for row in await database.fetch(_WORDS, contract.id))
    return Satisfaction({star: stars.get(star, 0) for star in range(5, 0, -1)}, words, fewest.value)
