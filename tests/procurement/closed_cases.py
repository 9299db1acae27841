"""Closed cases for the tests of claims: an office, providers with licences, lines that pay, cases of every kind."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import transaction
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, appropriate
from procurement.claims.cases.rules import CaseDraft, CaseItem, Outcome
from tests.procurement import attended_work as work

self_of = work.self_of
CLOSED = date(2026, 11, 16)
PAPERS = ("登记", "调解笔录", "调解协议书")


@dataclass
class Office:
    """The desk of money, the officer who records, and the place it is all about."""

    desk: work.Desk
    recorder: Principal
    place: int


async def office(appropriation_fen: int = 10_000_000) -> Office:
    """Set up the desk, a recorder, and appropriated lines for cases and expenses."""
    desk = await work.desk()
    for programme in ("legal_aid_case", "mediation_case", "expenses"):
        await line(desk, programme, appropriation_fen)
    recorder = await work.officer("recorder", Permission.CASE_RECORD)
    place = await database.fetch_value("SELECT id FROM place WHERE code = $1", work.DISTRICT)
    return Office(desk, recorder, place)


async def line(desk: work.Desk, programme: str, fen: int) -> int:
    """Write an appropriated budget line of a programme."""
    made = await database.fetch_value(
        """INSERT INTO budget_line (programme_id, place_id, year, functional_code, economic_code)
           SELECT programme.id, place.id, 2026, '2040607', '30226' FROM programme, place
           WHERE programme.code = $1 AND place.code = $2 RETURNING id""",
        *(programme, work.DISTRICT),
    )
    await appropriated(desk, int(made), fen)
    return int(made)


async def appropriated(desk: work.Desk, line_id: int, fen: int) -> None:
    """Approve money for a line, or a cut where it is negative."""
    async with transaction():
        approved = await database.fetch_value(
            """INSERT INTO appropriation (budget_line_id, amount_fen, document, status, proposed_by, proposed_at,
                                          decided_by, decided_at)
               VALUES ($1, $2, '文号', 'approved', $3, now(), $4, now()) RETURNING id""",
            *(line_id, fen, desk.claims.actor, desk.clerk.actor),
        )
        await movements.post_movements(desk.clerk, [appropriate(line_id, fen, MoneySource("appropriation", approved))])


async def licensed(name: str, number: str) -> int:
    """Write a person with a verified licence."""
    person = await work.person(name)
    officer = await work.account("verifier")
    await database.execute(
        """INSERT INTO credential (person_id, kind, number, issuer_zh, valid_from, claimed_at, verified_by, verified_at,
                                   verified_ground)
           VALUES ($1, 'mediator', $2, '司法局', '2020-01-01', now(), $3, now(), 'original')""",
        *(person, number, officer),
    )
    return person


def mediation(made: Office, person: int, matter: str = "清调〔2026〕31号", **values: Any) -> CaseDraft:
    """Return an ordinary mediation with a written agreement; all papers unless said otherwise."""
    said: dict[str, Any] = {
        "item": CaseItem.MEDIATION, "agency_zh": "清波街道人民调解委员会", "matter": matter, "person_id": person,
        "place_id": made.place, "accepted_on": date(2026, 10, 8), "closed_on": CLOSED, "class_": "ordinary",
        "outcome": Outcome.AGREED_WRITTEN, "documents": PAPERS,
    }  # fmt: skip
    return CaseDraft(**{**said, **values})


def civil(made: Office, person: int, matter: str = "杭上援〔2026〕12号", **values: Any) -> CaseDraft:
    """Return a civil legal aid case."""
    said: dict[str, Any] = {
        "item": CaseItem.CIVIL, "agency_zh": "上城区法律援助中心", "matter": matter, "person_id": person,
        "place_id": made.place, "accepted_on": date(2026, 6, 1), "closed_on": CLOSED,
    }  # fmt: skip
    return CaseDraft(**{**said, **values})
