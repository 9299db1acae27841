"""What the packages above tell accounts: organizations, names of places, and where a person is at home.

Accounts know places by code and organizations by id only. The composition root registers one ``Directory``;
until then nothing has a name and no organization can be found.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.accounts.rules import check_scope
from app.core.access import Grant, Scope
from app.core.errors import NotPermitted


@dataclass(frozen=True, slots=True)
class OrganizationEntry:
    """An organization as a manager of accounts sees it."""

    id: int
    name: str
    place_code: str


class Directory(Protocol):
    """Finds and names what memberships refer to."""

    async def organization(self, uscc: str) -> OrganizationEntry | None:
        """Find an organization by its unified social credit code."""
        ...

    async def organizations(self, ids: Sequence[int]) -> dict[int, OrganizationEntry]:
        """Return organizations by id."""
        ...

    async def place_names(self, codes: Sequence[str]) -> dict[str, str]:
        """Return the names of places by code; unknown codes are left out."""
        ...


class EmptyDirectory:
    """Knows nothing."""

    async def organization(self, uscc: str) -> OrganizationEntry | None:
        """Find nothing."""
        del uscc
        return None

    async def organizations(self, ids: Sequence[int]) -> dict[int, OrganizationEntry]:
        """Name nothing."""
        del ids
        return {}

    async def place_names(self, codes: Sequence[str]) -> dict[str, str]:
        """Call each place by its code."""
        return {code: code for code in codes}


HomePlaces = Callable[[int], Awaitable[Iterable[str]]]

_directory: list[Directory] = [EmptyDirectory()]
_homes: list[HomePlaces] = []


def register_directory(directory: Directory) -> None:
    """Name the directory; the last one named holds."""
    _directory[:] = [directory]


def directory() -> Directory:
    """Return the directory in force."""
    return _directory[0]


def register_home_places(source: HomePlaces) -> None:
    """Add a source that tells, by account id, the codes of places where a person is at home."""
    if source not in _homes:
        _homes.append(source)


async def home_places(account_id: int) -> set[str]:
    """Return the codes of places where a person is at home, as far as any package knows."""
    return {code for source in _homes for code in await source(account_id)}


async def require_organization(scope: Scope, organization_id: int) -> None:
    """Refuse an organization that neither is in the scope nor lies at a place in it."""
    if scope.covers_organization(organization_id):
        return
    known = (await directory().organizations([organization_id])).get(organization_id)
    if not scope.covers_place(known.place_code if known else ""):
        raise NotPermitted


async def require_grantable(scope: Scope, grant: Grant) -> None:
    """Refuse a grant that does not fit its role, or that reaches beyond the scope of who gives it."""
    check_scope(grant.role, grant.place_code, grant.organization_id)
    if grant.place_code is not None:
        scope.require_place(grant.place_code)
    elif grant.organization_id is not None:
        await require_organization(scope, grant.organization_id)
