"""Confirmed work for the tests of money: people, shifts and attendances written straight into the tables.

How work comes to be confirmed is proved elsewhere; here it is given.
"""

from dataclasses import dataclass, field
from datetime import date

from app.core import database, vault
from app.core.access import Permission, Principal, Scope
from app.core.database import transaction
from procurement.budgets import movements
from procurement.budgets.rules import MoneySource, appropriate
from procurement.tariffs import service as tariffs

DISTRICT = "330102"
VILLAGE = "330102001051"
DAY = date(2026, 11, 16)


@dataclass
class Desk:
    """The officers of one district, each with one duty, and the ids of what was set up."""

    claims: Principal
    clerk: Principal
    approver: Principal
    cashier: Principal
    payees: list[int] = field(default_factory=list)


async def account(name: str) -> int:
    """Write an account."""
    key = await vault.new_subject_key()
    return await database.fetch_value(
        "INSERT INTO account (display_name, subject_key_id, created_at) VALUES ($1, $2, now()) RETURNING id",
        name,
        key.id,
    )


async def officer(name: str, *permissions: Permission) -> Principal:
    """Return an officer of the district with just these permissions."""
    scope = Scope(place_codes=(DISTRICT,))
    return Principal(account_id=await account(name), kind="session", scopes=dict.fromkeys(permissions, scope))


async def desk(appropriation_fen: int = 10_000_000) -> Desk:
    """Set up officers, a published tariff and an appropriated line for on-site work in 2026."""
    made = Desk(
        await officer("claims", Permission.CLAIM_APPROVE, Permission.TARIFF_MANAGE),
        await officer("clerk", Permission.SETTLEMENT_COMPUTE, Permission.TARIFF_MANAGE),
        await officer("approver", Permission.SETTLEMENT_APPROVE),
        await officer("cashier", Permission.SETTLEMENT_PAY),
    )
    tariff = await tariffs.draft_tariff(made.claims, tariffs.seed_documents()[0])
    await tariffs.publish_tariff(made.clerk, tariff)
    line = await database.fetch_value(
        """INSERT INTO budget_line (programme_id, place_id, year, functional_code, economic_code)
           SELECT programme.id, place.id, 2026, '2040607', '30226' FROM programme, place
           WHERE programme.code = 'on_site' AND place.code = $1 RETURNING id""",
        DISTRICT,
    )
    async with transaction():
        approved = await database.fetch_value(
            """INSERT INTO appropriation (budget_line_id, amount_fen, document, status, proposed_by, proposed_at,
                                          decided_by, decided_at)
               VALUES ($1, $2, '文号', 'approved', $3, now(), $4, now()) RETURNING id""",
            line,
            appropriation_fen,
            made.claims.actor,
            made.clerk.actor,
        )
        source = MoneySource("appropriation", approved)
        await movements.post_movements(made.clerk, [appropriate(line, appropriation_fen, source)])
    return made


async def person(name: str, *, official: bool = False, bank: bool = True) -> int:
    """Write a person with a sealed bank account."""
    key = await vault.new_subject_key()
    return await database.fetch_value(
        """INSERT INTO person (account_id, name, gender, corps, subject_key_id, bank_name, bank_account_sealed,
                               public_official, home_place_id, home_east_m, home_north_m, privacy_notice,
                               consented_at, joined_at)
           SELECT $1, $2, 'F', '{lawyer}', $3, 'Bank', $4, $5, id, 0, 0, '1', now(), now() FROM place WHERE code = $6
           RETURNING id""",
        await account(name),
        name,
        key.id,
        key.seal("6222000000000001") if bank else None,
        official,
        VILLAGE,
    )


async def attended(
    person_id: int, *, kind: str = "duty", minutes: int = 180, day: date = DAY, hour: int = 9, early: int = 0
) -> int:
    """Write a confirmed attendance of subsidised work and announce it; return the sign-up's id.

    ``early`` is how many minutes before the shift somebody signed in.
    """
    confirmer = await account("station")
    sign_up = await _sign_up(person_id, kind, minutes, day, hour, confirmer)
    async with transaction():
        await database.execute("UPDATE sign_up SET status = 'completed' WHERE id = $1", sign_up)
        await database.execute(
            """WITH confirmed AS (
                   INSERT INTO attendance
                       (sign_up_id, outcome, arrived_at, left_at, minutes, confirmed_by, confirmed_at)
                   SELECT id, 'attended', starts - make_interval(mins => $4), ends, $2, $3, ends
                   FROM sign_up WHERE id = $1 RETURNING id)
               INSERT INTO fact (topic, subject_id, occurred_at)
               SELECT 'attendance_confirmed', id, now() FROM confirmed""",
            sign_up,
            minutes + early,
            confirmer,
            early,
        )
    return sign_up


async def _sign_up(person_id: int, kind: str, minutes: int, day: date, hour: int, author: int) -> int:
    await database.execute(
        """INSERT INTO station (place_id, kind, name_zh, name_en, east_m, north_m)
           SELECT id, 'village', 'S', 'S', 0, 0 FROM place WHERE code = $1 ON CONFLICT DO NOTHING""",
        VILLAGE,
    )
    assignment = await database.fetch_value(
        """INSERT INTO assignment (kind, title_zh, place_id, station_id, east_m, north_m, starts, ends, status,
                                   compensation, insured, created_by, created_at)
           SELECT $1, 'T', place.id, station.id, 0, 0, at, at + make_interval(mins => $2), 'open', 'subsidy', true,
                  $3, now()
           FROM place JOIN station ON station.place_id = place.id,
                LATERAL (SELECT ($4::date + make_interval(hours => $5)) AT TIME ZONE 'Asia/Shanghai' AS at) AS wall
           WHERE place.code = $6 RETURNING id""",
        kind, minutes, author, day, hour, VILLAGE,
    )  # fmt: skip
    position = await database.fetch_value(
        """INSERT INTO position (assignment_id, number, role_zh, minimum, capacity)
           VALUES ($1, 1, 'R', 1, 5) RETURNING id""",
        assignment,
    )
    return await database.fetch_value(
        """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
           SELECT $1, id, $3, starts, ends, 'confirmed', 'self', now() FROM assignment WHERE id = $2 RETURNING id""",
        position,
        assignment,
        person_id,
    )


async def self_of(person_id: int) -> Principal:
    """Return the person as they are signed in: a volunteer who is paid."""
    account = await database.fetch_value("SELECT account_id FROM person WHERE id = $1", person_id)
    scopes = dict.fromkeys((Permission.CLAIM_SELF, Permission.VOLUNTEER_SELF), Scope())
    return Principal(account, name="Payee", kind="session", scopes=scopes)
