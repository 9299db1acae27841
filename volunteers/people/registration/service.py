"""Joining: one person from a form, thousands from a register, through the same set-based steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.accounts.registration import insert_memberships
from app.core import audit, clock, database, vault
from app.core.access import Grant, Permission, Principal, Role
from app.core.database import transaction
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from volunteers.people import rules
from volunteers.people.credentials.rules import CredentialNumberTaken
from volunteers.people.rules import AlreadyJoined, IdCardTaken, Profile

REFUSALS: Mapping[str, type[DomainError]] = {
    "person_account_id_key": AlreadyJoined,
    "person_id_card_digest_key": IdCardTaken,
    "credential_number_once": CredentialNumberTaken,
}
_PERSON_COLUMNS = (
    *("account_id", "name", "gender", "corps", "organization_id", "subject_key_id", "id_card_sealed"),
    *("id_card_digest", "bank_name", "bank_account_sealed", "bank_account_digest", "public_official", "home_place_id"),
    *("home_east_m", "home_north_m", "languages", "skills", "preferred_kinds", "max_minutes_day", "max_minutes_week"),
    *("max_shifts_week", "max_travel_m", "privacy_notice", "consented_at", "joined_at", "status"),
)


@dataclass(frozen=True, slots=True)
class Registration:
    """An account and what is known about the person behind it."""

    account_id: int
    profile: Profile


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a register: person ids by account id, and a refusal for each account left out."""

    person_ids: dict[int, int]
    refused: dict[int, DomainError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database holds already about the rows at hand."""

    places: dict[str, tuple[int, int, int]]
    accounts: set[int]
    digests: set[bytes]
    numbers: set[tuple[str, str]]


async def join(principal: Principal, profile: Profile) -> int:
    """Make the account's holder a volunteer; return the person's id."""
    principal.scope(Permission.ACCOUNT_SELF)
    if not profile.id_card:
        raise InvalidInput({"id_card": Message(N_("志愿服务实行实名登记，请填写身份证号。"))})
    rows = [Registration(principal.actor, profile)]
    async with database.refusing(REFUSALS), transaction():
        registered = await register_here(principal, rows)
    if registered.refused:
        raise registered.refused[principal.actor]
    return registered.person_ids[principal.actor]


async def register_people(principal: Principal, rows: Sequence[Registration]) -> Registered:
    """Take in a register of people who agreed elsewhere; each row is taken or refused on its own."""
    scope = principal.scope(Permission.ACCOUNT_MANAGE)
    for row in rows:
        scope.require_place(row.profile.home_place_code)
    async with database.refusing(REFUSALS), transaction():
        return await register_here(principal, rows)


async def register_here(principal: Principal, rows: Sequence[Registration]) -> Registered:
    """Take people in as part of a larger use case, which asked for its permission, in its transaction."""
    known = await _known(rows)
    refused: dict[int, DomainError] = {}
    taken: list[Registration] = []
    for row in rows:
        if refusal := _refusal(row, known):
            refused[row.account_id] = refusal
        else:
            taken.append(row)
            _remember(row, known)
    if not taken:
        return Registered({}, refused)
    at = clock.now()
    person_ids = await _store_people(taken, known, at)
    await _store_details(taken, known, person_ids, at)
    await _grant_volunteer_role(principal, list(person_ids))
    await audit.record_many(
        principal,
        [
            audit.Entry("person.joined", "person", person_ids[row.account_id], {"corps": list(row.profile.corps)})
            for row in taken
        ],
    )
    return Registered(person_ids, refused)


async def _known(rows: Sequence[Registration]) -> _Known:
    profiles = [row.profile for row in rows]
    codes = {code for p in profiles for code in (p.home_place_code, *p.familiar_place_codes)}
    numbers = [(c.kind.value, c.number) for p in profiles for c in p.credentials]
    places = await database.fetch("SELECT id, code, east_m, north_m FROM place WHERE code = ANY($1)", list(codes))
    accounts = await database.fetch(
        "SELECT account_id FROM person WHERE account_id = ANY($1)", [row.account_id for row in rows]
    )
    digests = await database.fetch(
        "SELECT id_card_digest FROM person WHERE id_card_digest = ANY($1)",
        [vault.digest(p.id_card) for p in profiles if p.id_card],
    )
    held = await database.fetch(
        """SELECT kind, number FROM credential JOIN unnest($1::text[], $2::text[]) AS asked (kind, number)
           USING (kind, number) WHERE refused_at IS NULL""",
        [kind for kind, _ in numbers],
        [number for _, number in numbers],
    )
    return _Known(
        {row["code"]: (row["id"], row["east_m"], row["north_m"]) for row in places},
        {row["account_id"] for row in accounts},
        {row["id_card_digest"] for row in digests},
        {(row["kind"], row["number"]) for row in held},
    )


def _refusal(row: Registration, known: _Known) -> DomainError | None:
    profile = row.profile
    faults = rules.faults(profile, clock.today())
    if not {profile.home_place_code, *profile.familiar_place_codes} <= known.places.keys():
        faults["home_place_code"] = Message(N_("没有找到这个村、社区。"))
    if faults:
        return InvalidInput(faults)
    if row.account_id in known.accounts:
        return AlreadyJoined()
    if profile.id_card and vault.digest(profile.id_card) in known.digests:
        return IdCardTaken()
    numbers = [(credential.kind.value, credential.number) for credential in profile.credentials]
    if known.numbers.intersection(numbers) or len(set(numbers)) < len(numbers):
        return CredentialNumberTaken()
    return None


def _remember(row: Registration, known: _Known) -> None:
    known.accounts.add(row.account_id)
    known.numbers.update((c.kind.value, c.number) for c in row.profile.credentials)
    if row.profile.id_card:
        known.digests.add(vault.digest(row.profile.id_card))


async def _store_people(rows: Sequence[Registration], known: _Known, at: datetime) -> dict[int, int]:
    keys = await vault.new_subject_keys(len(rows))
    await database.copy_rows(
        "person",
        _PERSON_COLUMNS,
        [_person_row(row, key, known, at) for row, key in zip(rows, keys, strict=True)],
    )
    stored = await database.fetch(
        "SELECT account_id, id FROM person WHERE account_id = ANY($1)", [row.account_id for row in rows]
    )
    return {row["account_id"]: row["id"] for row in stored}


def _person_row(row: Registration, key: vault.SubjectKey, known: _Known, at: datetime) -> tuple[Any, ...]:
    profile, limits = row.profile, row.profile.limits
    place_id, *place_point = known.places[profile.home_place_code]
    return (
        *(row.account_id, profile.name.strip(), profile.gender, list(profile.corps), profile.organization_id, key.id),
        key.seal(profile.id_card) if profile.id_card else None,
        vault.digest(profile.id_card) if profile.id_card else None,
        profile.bank_name,
        key.seal(profile.bank_account) if profile.bank_account else None,
        vault.digest(f"bank/{profile.bank_account}") if profile.bank_account else None,
        *(profile.public_official, place_id, *(profile.home_point or place_point)),
        *(list(profile.languages), list(profile.skills), list(profile.preferred_kinds)),
        *(limits.max_minutes_day, limits.max_minutes_week, limits.max_shifts_week, limits.max_travel_m),
        *(profile.privacy_notice, at, at, "active"),
    )


async def _store_details(
    rows: Sequence[Registration], known: _Known, person_ids: Mapping[int, int], at: datetime
) -> None:
    people = [(person_ids[row.account_id], row.profile) for row in rows]
    await database.copy_rows(
        "credential",
        ("person_id", "kind", "number", "issuer_zh", "valid_from", "valid_until", "claimed_at"),
        [
            (person_id, c.kind, c.number.strip(), c.issuer_zh.strip(), c.valid_from, c.valid_until, at)
            for person_id, profile in people
            for c in profile.credentials
        ],
    )
    await _store_windows(people)
    await database.copy_rows(
        "familiar_place",
        ("person_id", "place_id"),
        [(person_id, known.places[code][0]) for person_id, p in people for code in set(p.familiar_place_codes)],
    )
    await database.copy_rows(
        "recusal",
        ("person_id", "party", "declared_at"),
        [(person_id, party, at) for person_id, p in people for party in set(p.recused_from)],
    )


async def _store_windows(people: Iterable[tuple[int, Profile]]) -> None:
    await database.copy_rows(
        "availability",
        ("person_id", "weekday", "from_minute", "to_minute"),
        [
            (person_id, w.weekday, w.from_minute, w.to_minute)
            for person_id, profile in people
            for w in rules.merged(profile.availability)
        ],
    )


async def _grant_volunteer_role(principal: Principal, account_ids: Sequence[int]) -> None:
    """Make them volunteers by role too, unless they hold it already."""
    held = await database.fetch(
        """SELECT account_id FROM membership
           WHERE account_id = ANY($1) AND role = $2 AND (valid_until IS NULL OR valid_until > $3)""",
        *(account_ids, Role.VOLUNTEER, clock.now()),
    )
    new = sorted(set(account_ids) - {row["account_id"] for row in held})
    granted_by = None if principal.account_id in account_ids else principal.account_id
    await insert_memberships(new, [(Grant(Role.VOLUNTEER),)] * len(new), granted_by=granted_by)
