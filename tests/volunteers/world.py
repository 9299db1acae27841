"""The volunteers' part of the test world: stations, people, shifts, made by the real services."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import count

from app.accounts import principals
from app.accounts.registration import NewAccount, create_accounts
from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from tests.world import CITY, account, role_map
from volunteers.assignments.rules import AssignmentDraft, Compensation, Kind, PositionDraft
from volunteers.assignments.service import Published, publish_assignments
from volunteers.people.credentials.rules import CredentialKind, NewCredential
from volunteers.people.credentials.service import verify_credentials
from volunteers.people.registration.service import Registration, register_people
from volunteers.people.rules import Corps, Gender, Limits, Profile

TOWN = "330106109"
MONDAY = clock.at_local(clock.week_start(clock.today()) + timedelta(days=7), time.min)
"""The first instant of next week, in which the tests' assignments lie."""

IMPORTER = system_principal(Permission.ACCOUNT_MANAGE)
_numbers = count(1)


async def accounts(how_many: int) -> list[int]:
    """Make bare accounts and return their ids."""
    return await create_accounts(IMPORTER, [NewAccount(f"account {next(_numbers)}") for _ in range(how_many)])


async def officer(role: Role, place_code: str = CITY) -> Principal:
    """Make an account that holds a role at a place."""
    return await account(role, place_code)


async def station(place_code: str = TOWN) -> int:
    """Return the id of a station at the place, opened by hand."""
    return int(
        await database.fetch_value(
            """INSERT INTO station (place_id, kind, name_zh, name_en, east_m, north_m)
               SELECT id, level, 'Test ' || $2, 'Test', east_m, north_m FROM place WHERE code = $1 RETURNING id""",
            place_code,
            str(next(_numbers)),
        )
    )


async def place_id(code: str) -> int:
    """Return a place's id."""
    return int(await database.fetch_value("SELECT id FROM place WHERE code = $1", code))


def profile(**changes: object) -> Profile:
    """Return the profile of somebody who may do nearly everything."""
    given: dict[str, object] = {
        "name": f"Person {next(_numbers)}",
        "gender": Gender.F,
        "corps": (Corps.VOLUNTEER,),
        "home_place_code": TOWN,
        "privacy_notice": "2026-1",
        "limits": Limits(max_minutes_day=1440, max_minutes_week=10_000, max_shifts_week=50),
        **changes,
    }
    return Profile(**given)  # type: ignore[arg-type]


def licence(kind: CredentialKind = CredentialKind.LAWYER, **changes: object) -> NewCredential:
    """Return a credential that has been valid for years."""
    given: dict[str, object] = {
        "kind": kind,
        "number": f"{kind}-{next(_numbers)}",
        "issuer_zh": "Bureau of justice",
        "valid_from": datetime(2020, 1, 1, tzinfo=UTC).date(),
        **changes,
    }
    return NewCredential(**given)  # type: ignore[arg-type]


async def people(profiles: Sequence[Profile], verified: bool = True) -> list[tuple[int, Principal]]:
    """Register people and return each one's person id and principal; their credentials are verified."""
    ids = await accounts(len(profiles))
    registered = await register_people(
        IMPORTER, [Registration(account_id, who) for account_id, who in zip(ids, profiles, strict=True)]
    )
    assert not registered.refused, {str(refusal) for refusal in registered.refused.values()}
    claimed = await database.fetch(
        "SELECT public_id FROM credential WHERE person_id = ANY($1)", list(registered.person_ids.values())
    )
    if verified and claimed:
        await verify_credentials(await officer(Role.COORDINATOR), [row["public_id"] for row in claimed])
    principals.register_role_map(role_map())
    who = await principals.principals_of_accounts(ids)
    return [(registered.person_ids[account_id], who[account_id]) for account_id in ids]


async def volunteers(how_many: int) -> list[tuple[int, Principal]]:
    """Register so many plain volunteers."""
    return await people([profile() for _ in range(how_many)])


async def draft(hours: float = 9, lasting: float = 2, **changes: object) -> AssignmentDraft:
    """Return a lecture in the test week, ``hours`` after Monday midnight."""
    starts = MONDAY + timedelta(hours=hours)
    given: dict[str, object] = {
        "kind": Kind.LECTURE,
        "title_zh": "Lecture",
        "place_id": await place_id(TOWN),
        "starts": starts,
        "ends": starts + timedelta(hours=lasting),
        "compensation": Compensation.UNPAID,
        "insured": True,
        "positions": (PositionDraft("helper"),),
        **changes,
    }
    return AssignmentDraft(station_id=given.pop("station_id", None) or await station(), **given)  # type: ignore[arg-type]


async def publish(*drafts: AssignmentDraft) -> list[Published]:
    """Publish assignments as a coordinator of the whole city."""
    return await publish_assignments(await officer(Role.COORDINATOR), drafts)
