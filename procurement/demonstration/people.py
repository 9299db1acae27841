"""Volunteers and lawyers: accounts, profiles with sealed numbers, credentials verified by an officer."""

import random
from dataclasses import dataclass
from datetime import date

from app.accounts.principals import principals_of_accounts
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.accounts.rules import PRIVACY_NOTICE
from app.core import clock, database
from app.core.access import Principal, Role
from procurement.demonstration import cast, invention
from procurement.demonstration.scale import Scale
from volunteers.people.credentials.rules import CredentialKind, NewCredential
from volunteers.people.credentials.service import verify_credentials
from volunteers.people.registration.service import Registration, register_people
from volunteers.people.rules import Corps, Gender, Limits, Profile, Window

PERSON_PHONES = 1_000_000
"""Where the numbers of the people's accounts begin."""
URBAN_SHARE_OF_LAWYERS = 0.7
OFFICIALS_PER_THOUSAND = 4
CORPS_OF_VOLUNTEERS = (
    (0.20, Corps.MEDIATOR, CredentialKind.MEDIATOR),
    (0.06, Corps.LEGAL_WORKER, CredentialKind.LEGAL_WORKER),
    (0.14, Corps.STUDENT, CredentialKind.LAW_STUDENT),
    (0.02, Corps.RETIRED_JUDGE, CredentialKind.RETIRED_JUDGE),
    (0.02, Corps.NOTARY, CredentialKind.NOTARY),
    (0.03, Corps.APPRAISER, CredentialKind.APPRAISER),
    (0.05, Corps.VOLUNTEER, CredentialKind.LECTURER),
)


@dataclass(frozen=True, slots=True)
class Home:
    """A village or community people live in."""

    code: str
    rural: bool


def invent(scale: Scale, homes: list[Home]) -> list[tuple[str, Profile]]:
    """Invent everybody: phone and profile, the lawyers first."""
    return [
        (invention.phone(PERSON_PHONES + number), _profile(number, number < scale.lawyers, homes))
        for number in range(scale.people)
    ]


def _profile(number: int, lawyer: bool, homes: list[Home]) -> Profile:
    draw = invention.generator(f"person/{number}")
    gender = draw.choice(list(Gender))
    home = _home(draw, lawyer, homes)
    corps, credentials = _credentials(draw, number, lawyer)
    return Profile(
        name=invention.person_name(draw, gender.value),
        gender=gender,
        corps=corps,
        home_place_code=home.code,
        privacy_notice=PRIVACY_NOTICE,
        id_card=invention.id_card(draw, home.code[:6], gender.value, number),
        bank_name=invention.vocabulary()["bank"],
        bank_account=invention.bank_account(number),
        public_official=draw.random() < OFFICIALS_PER_THOUSAND / 1000,
        languages=("putonghua", *_dialects(draw, home.code)),
        preferred_kinds=tuple(
            draw.sample(["duty", "lecture", "village", "mediation", "homevisit"], draw.randint(0, 2))
        ),
        limits=Limits(
            480, draw.choice((480, 720, 960, 1200)), draw.randint(2, 5), draw.choice((12, 20, 30, 45)) * 1000
        ),
        credentials=credentials,
        availability=_availability(draw),
    )


def _home(draw: random.Random, lawyer: bool, homes: list[Home]) -> Home:
    """Lawyers live in town more often than the people they serve: that is what makes places short of them."""
    urban = [home for home in homes if not home.rural]
    if lawyer and urban and draw.random() < URBAN_SHARE_OF_LAWYERS:
        return draw.choice(urban)
    return draw.choice(homes)


def _credentials(draw: random.Random, number: int, lawyer: bool) -> tuple[tuple[Corps, ...], tuple[NewCredential, ...]]:
    if lawyer:
        held = [(Corps.LAWYER, CredentialKind.LAWYER)]
        held += [(Corps.VOLUNTEER, CredentialKind.LECTURER)] if draw.random() < 0.3 else []
    else:
        held = [(corps, kind) for share, corps, kind in CORPS_OF_VOLUNTEERS if draw.random() < share]
    corps = tuple(dict.fromkeys([*(corps for corps, _ in held), Corps.VOLUNTEER]))
    return corps, tuple(_credential(kind, number) for _, kind in held)


def _credential(kind: CredentialKind, number: int) -> NewCredential:
    issued = date(clock.today().year - 2, 6, 1)
    issuer = invention.vocabulary()["credential_issuer"]
    return NewCredential(kind, f"DEMO{number:06d}", issuer, issued, date(clock.today().year + 3, 5, 31))


def _dialects(draw: random.Random, home_code: str) -> tuple[str, ...]:
    spoken = invention.vocabulary()["dialects"].get(home_code[:6], invention.vocabulary()["dialects"]["other"])
    return (spoken,) if draw.random() < 0.6 else ()


def _availability(draw: random.Random) -> tuple[Window, ...]:
    windows = []
    for weekday in sorted(draw.sample(range(7), draw.randint(3, 6))):
        start, end = draw.choice(((8 * 60, 12 * 60 + 30), (13 * 60, 18 * 60), (8 * 60, 18 * 60), (8 * 60, 21 * 60)))
        windows.append(Window(weekday, start, end))
    return tuple(windows)


async def register(wanted: list[tuple[str, Profile]]) -> int:
    """Open accounts and register the people who do not exist yet; return how many."""
    known = await account_ids_by_phone(phone for phone, _ in wanted)
    accounts = [NewAccount(profile.name, phone) for phone, profile in wanted if phone not in known]
    opened = await create_accounts(cast.FOUNDER, accounts)
    known |= dict(zip((account.phone for account in accounts), opened, strict=True))
    people = {row["account_id"] for row in await database.fetch("SELECT account_id FROM person")}
    rows = [Registration(known[phone], profile) for phone, profile in wanted if known[phone] not in people]
    registered = await register_people(cast.FOUNDER, rows)
    if registered.refused:
        raise next(iter(registered.refused.values()))
    return len(registered.person_ids)


async def verify_all(officers: dict[Role, Principal]) -> int:
    """Have the reviewing officer vouch for every credential that waits."""
    waiting = await database.fetch(
        "SELECT public_id FROM credential WHERE verified_at IS NULL AND refused_at IS NULL ORDER BY id"
    )
    if not waiting:
        return 0
    return await verify_credentials(officers[Role.COORDINATOR], [row["public_id"] for row in waiting])


async def acting(person_ids: list[int]) -> dict[int, Principal]:
    """Return people's principals by person id."""
    rows = await database.fetch("SELECT id, account_id FROM person WHERE id = ANY($1)", person_ids)
    found = await principals_of_accounts(row["account_id"] for row in rows)
    return {row["id"]: found[row["account_id"]] for row in rows}
