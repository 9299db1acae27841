"""Reading offers: one's own, those behind a link, and how a plan's offers stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from volunteers.assignments.call_outs.rules import LinkUnknown, token_sha256
from volunteers.assignments.rules import Compensation
from volunteers.dispatch.offers.rules import OfferCause, OfferStatus


@dataclass(frozen=True, slots=True)
class OfferCard:
    """One seat that its person is asked to take; ``until`` is the end of the offer."""

    public_id: UUID
    sign_up: UUID
    status: OfferStatus
    reason: str
    cause: OfferCause
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    place_zh: str
    place_en: str
    station_zh: str
    station_en: str
    starts: datetime
    ends: datetime
    compensation: Compensation
    insured: bool
    until: datetime | None
    answered_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be answered."""
        return self.status is OfferStatus.OFFERED and self.until is not None and self.until > clock.now()


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody whom a plan asked, seat by seat, for the coordinator who follows the answers."""

    offer: UUID
    person: UUID
    name: str
    status: OfferStatus
    reason: str
    cause: OfferCause
    reference: str
    title_zh: str
    title_en: str
    place_zh: str
    place_en: str
    starts: datetime
    until: datetime | None
    answered_at: datetime | None


_CARDS = """
SELECT o.public_id, s.public_id AS sign_up, o.status, o.reason, i.cause, a.reference, a.title_zh, a.title_en,
       p.role_zh, p.role_en,
       place.name_zh AS place_zh, place.name_en AS place_en, station.name_zh AS station_zh,
       station.name_en AS station_en, s.starts, s.ends, a.compensation, a.insured, s.offer_expires_at AS until,
       o.answered_at
FROM dispatch_offer o JOIN dispatch_invitation i ON i.id = o.invitation_id JOIN sign_up s ON s.id = o.sign_up_id
JOIN position p ON p.id = s.position_id JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id JOIN station ON station.id = a.station_id JOIN person ON person.id = i.person_id
"""
_ASKED = """
SELECT o.public_id AS offer, person.public_id AS person, person.name, o.status, o.reason, i.cause, a.reference,
       a.title_zh, a.title_en, place.name_zh AS place_zh, place.name_en AS place_en, s.starts,
       s.offer_expires_at AS until, o.answered_at
FROM dispatch_run r JOIN dispatch_invitation i ON i.run_id = r.id JOIN dispatch_offer o ON o.invitation_id = i.id
JOIN sign_up s ON s.id = o.sign_up_id JOIN assignment a ON a.id = s.assignment_id JOIN place ON place.id = a.place_id
JOIN person ON person.id = i.person_id
WHERE r.public_id = $1 AND ($2 = '' OR o.status = $2)
  AND ($3::timestamptz IS NULL OR (s.starts, o.public_id) > ($3, $4))
ORDER BY s.starts, o.public_id LIMIT $5
"""
PAST_SHOWN = 30


async def offers_of_token(token: str) -> list[OfferCard]:
    """Return what a text message's link asks its bearer, soonest first."""
    rows = await database.fetch(f"{_CARDS} WHERE i.token_sha256 = $1 ORDER BY s.starts, o.id", token_sha256(token))
    if not rows:
        raise LinkUnknown
    return [_card(row) for row in rows]


async def own_offers(principal: Principal) -> list[OfferCard]:
    """Return what plans ask and asked the person: open ones by their end, then the others, the latest first."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    rows = await database.fetch(
        f"""{_CARDS} WHERE person.account_id = $1
            ORDER BY o.status <> 'offered', CASE o.status WHEN 'offered' THEN s.offer_expires_at END, s.starts DESC,
                     o.id LIMIT $2""",
        *(principal.actor, PAST_SHOWN),
    )
    return [_card(row) for row in rows]


async def answers_of(run: UUID) -> Mapping[OfferStatus, int]:
    """Return how many of a plan's offers stand how; what was offered again after a no counts as well."""
    rows = await database.fetch(
        """SELECT o.status, count(*)::integer AS offers FROM dispatch_run r
           JOIN dispatch_invitation i ON i.run_id = r.id JOIN dispatch_offer o ON o.invitation_id = i.id
           WHERE r.public_id = $1 GROUP BY o.status""",
        run,
    )
    return {OfferStatus(row["status"]): row["offers"] for row in rows}


async def asked_by(
    run: UUID, status: OfferStatus | None = None, after: tuple[datetime, UUID] | None = None, limit: int = 51
) -> list[AskedPerson]:
    """Return whom a plan asked and what they said, in order of time."""
    rows = await database.fetch(_ASKED, run, status or "", *(after or (None, None)), limit)
    return [
        AskedPerson(**{**row, "status": OfferStatus(row["status"]), "cause": OfferCause(row["cause"])}) for row in rows
    ]


def _card(row: database.Row) -> OfferCard:
    kinds = {
        "status": OfferStatus(row["status"]),
        "cause": OfferCause(row["cause"]),
        "compensation": Compensation(row["compensation"]),
    }
    return OfferCard(**{**row, **kinds})
