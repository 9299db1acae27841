"""The officers of the demonstration: one account for each role, with a known password; the catalogue is the city's."""

from dataclasses import dataclass

from app.accounts.principals import principals_of_accounts
from app.accounts.registration import NewAccount, account_ids_by_phone, create_accounts
from app.core.access import OFFICERS, Grant, Permission, Principal, Role, system_principal
from app.rulebook.queries import CITY
from procurement.demonstration import invention

PASSWORD = "fahui-demo-2026"  # noqa: S105 - printed at the end of `make demo`, refused in production mode
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - the same
FOUNDER = system_principal(Permission.ACCOUNT_MANAGE, Permission.PLACE_MANAGE, Permission.ORGANIZATION_MANAGE)


@dataclass(frozen=True, slots=True)
class Part:
    """One account of the cast: its role and the place it is responsible for, relative to the scale."""

    key: str
    role: Role
    number: int

    @property
    def email(self) -> str:
        """Return the address to sign in with."""
        return f"{self.key}@demo.example"

    @property
    def totp_secret(self) -> str:
        """Return the second factor of officers; others need none."""
        return TOTP_SECRET if self.role in OFFICERS else ""


CAST = tuple(
    Part(role.value.replace("_", "-"), role, number)
    for number, role in enumerate(
        role for role in Role if role not in (Role.PROVIDER, Role.VOLUNTEER, Role.STATION_STAFF, Role.VILLAGE_CLERK)
    )
)


async def hire(place_code: str, names: dict[Role, str]) -> None:
    """Open the accounts of the cast that do not exist yet."""
    known = await account_ids_by_phone(invention.phone(part.number) for part in CAST)
    missing = [part for part in CAST if invention.phone(part.number) not in known]
    await create_accounts(FOUNDER, [_account(part, place_code, names[part.role]) for part in missing])


async def principals() -> dict[Role, Principal]:
    """Return the cast's principals by role, as they are after signing in with both factors."""
    phones = {invention.phone(part.number): part.role for part in CAST}
    ids = await account_ids_by_phone(phones)
    found = await principals_of_accounts(ids.values())
    return {phones[phone]: found[account_id] for phone, account_id in ids.items()}


def _account(part: Part, place_code: str, name: str) -> NewAccount:
    scope = None if part.role is Role.RESIDENT else CITY if part.role is Role.CATALOGUE_REVIEWER else place_code
    return NewAccount(
        display_name=name,
        phone=invention.phone(part.number),
        email=part.email,
        password=PASSWORD,
        totp_secret=part.totp_secret,
        grants=(Grant(part.role, place_code=scope),),
    )
