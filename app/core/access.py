"""Who may do what: permissions, roles, and the person behind a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.core.errors import NotPermitted, NotSignedIn


class Permission(StrEnum):
    """One action on one kind of thing."""

    ACCOUNT_SELF = "app:account:self"
    ACCOUNT_MANAGE = "app:account:manage"
    ACCOUNT_REVEAL = "app:account:reveal"
    JOBS_OPERATE = "app:jobs:operate"
    AUDIT_READ = "app:audit:read"
    RULEBOOK_CONFIRM = "app:rulebook:confirm"
    PLACE_MANAGE = "marketplace:place:manage"
    ORGANIZATION_MANAGE = "marketplace:organization:manage"
    ORGANIZATION_VERIFY = "marketplace:organization:verify"
    PRODUCT_WRITE = "marketplace:product:write"
    PRODUCT_REVIEW = "marketplace:product:review"
    VOLUNTEER_SELF = "volunteers:person:self"
    CREDENTIAL_VERIFY = "volunteers:credential:verify"
    ASSIGNMENT_SIGN_UP = "volunteers:assignment:sign_up"
    ORGANIZATION_SCHEDULE = "volunteers:organization:schedule"
    ASSIGNMENT_PUBLISH = "volunteers:assignment:publish"
    ATTENDANCE_CONFIRM = "volunteers:attendance:confirm"
    DISPATCH_PLAN = "volunteers:dispatch:plan"
    DISPATCH_PUBLISH = "volunteers:dispatch:publish"
    FRAMEWORK_MANAGE = "procurement:framework:manage"
    FRAMEWORK_APPLY = "procurement:framework:apply"
    BUDGET_MANAGE = "procurement:budget:manage"
    BUDGET_APPROVE = "procurement:budget:approve"
    PURCHASE_REQUEST = "procurement:purchase:request"
    PURCHASE_APPROVE = "procurement:purchase:approve"
    CONTRACT_SIGN = "procurement:contract:sign"
    ORDER_PLACE = "procurement:order:place"
    ORDER_ANSWER = "procurement:order:answer"
    DELIVERY_ACCEPT = "procurement:delivery:accept"
    CLAIM_SELF = "procurement:claim:self"
    CLAIM_APPROVE = "procurement:claim:approve"
    CASE_RECORD = "procurement:case:record"
    SETTLEMENT_COMPUTE = "procurement:settlement:compute"
    SETTLEMENT_APPROVE = "procurement:settlement:approve"
    SETTLEMENT_PAY = "procurement:settlement:pay"
    LEDGER_READ = "procurement:ledger:read"
    LEDGER_CLOSE = "procurement:ledger:close"
    TARIFF_MANAGE = "procurement:tariff:manage"
    DONATION_MANAGE = "procurement:donation:manage"
    DONATION_APPROVE = "procurement:donation:approve"


class Role(StrEnum):
    """What a membership makes of an account, within its place or its organization."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    PROVIDER = "provider"
    VILLAGE_CLERK = "village_clerk"
    STATION_STAFF = "station_staff"
    COORDINATOR = "coordinator"
    CATALOGUE_REVIEWER = "catalogue_reviewer"
    PROCUREMENT_OFFICER = "procurement_officer"
    APPROVER = "approver"
    ACCEPTOR = "acceptor"
    CLAIMS_OFFICER = "claims_officer"
    SETTLEMENT_CLERK = "settlement_clerk"
    SETTLEMENT_APPROVER = "settlement_approver"
    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"


OFFICERS = frozenset(Role) - {
    Role.RESIDENT,
    Role.VOLUNTEER,
    Role.PROVIDER,
    Role.VILLAGE_CLERK,
    Role.STATION_STAFF,
}
"""Roles that sign in with a second factor."""

RoleMap = dict[Role, frozenset[Permission]]


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, with the place (by official code, everything below it included) or organization it covers."""

    role: Role
    place_code: str | None = None
    organization_id: int | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a permission holds: prefixes of official place codes, and organizations."""

    place_codes: tuple[str, ...] = ()
    organization_ids: tuple[int, ...] = ()

    def covers_place(self, code: str) -> bool:
        """Tell whether the place lies in the scope; codes of places below begin with their parent's."""
        return any(code.startswith(prefix) for prefix in self.place_codes)

    def covers_organization(self, organization_id: int) -> bool:
        """Tell whether the organization is one the person acts for."""
        return organization_id in self.organization_ids

    def require_place(self, code: str) -> None:
        """Refuse a thing at a place outside the scope."""
        if not self.covers_place(code):
            raise NotPermitted

    def require_organization(self, organization_id: int) -> None:
        """Refuse a thing of an organization the person does not act for."""
        if not self.covers_organization(organization_id):
            raise NotPermitted

    def like_patterns(self) -> list[str]:
        """Return the patterns for ``place.code LIKE ANY ($n)``."""
        return [f"{code}%" for code in self.place_codes]


@dataclass(frozen=True, slots=True)
class Principal:
    """The person, or the program itself, behind a use case."""

    account_id: int | None = None
    public_id: UUID | None = None
    name: str = ""
    kind: str = "anonymous"  # anonymous | session | token | system
    grants: tuple[Grant, ...] = ()
    scopes: Mapping[Permission, Scope] = field(default_factory=dict)
    session_id: int | None = None

    @property
    def signed_in(self) -> bool:
        """Tell whether an account stands behind this principal."""
        return self.account_id is not None

    @property
    def roles(self) -> tuple[Role, ...]:
        """Return the roles held, each once, in the order of the role list."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in Role if role in held)

    def can(self, permission: Permission) -> bool:
        """Tell whether any role carries the permission."""
        return permission in self.scopes

    def scope(self, permission: Permission) -> Scope:
        """Return where the permission holds, or refuse: every use case begins with this line."""
        if permission not in self.scopes:
            raise NotPermitted if self.signed_in or self.kind == "system" else NotSignedIn
        return self.scopes[permission]

    @property
    def actor(self) -> int:
        """Return the account that acts, for columns that must name one."""
        if self.account_id is None:
            raise NotSignedIn
        return self.account_id


ANONYMOUS = Principal()


def system_principal(*permissions: Permission) -> Principal:
    """Return the program itself, with the permissions that a scheduled job needs, everywhere."""
    everywhere = Scope(place_codes=("",))
    return Principal(kind="system", name="fahui", scopes=dict.fromkeys(permissions, everywhere))


def scopes_of(grants: Iterable[Grant], role_map: RoleMap) -> dict[Permission, Scope]:
    """Return where each permission holds, over all the roles that carry it."""
    held: dict[Permission, list[Grant]] = {}
    for grant in grants:
        for permission in role_map.get(grant.role, frozenset()):
            held.setdefault(permission, []).append(grant)
    return {permission: _scope(given) for permission, given in held.items()}


def _scope(grants: Iterable[Grant]) -> Scope:
    given = list(grants)
    return Scope(
        place_codes=tuple(sorted({grant.place_code for grant in given if grant.place_code is not None})),
        organization_ids=tuple(sorted({grant.organization_id for grant in given if grant.organization_id})),
    )


def merged(*role_maps: RoleMap) -> RoleMap:
    """Compose the packages' role maps into one."""
    roles = {role for role_map in role_maps for role in role_map}
    nothing: frozenset[Permission] = frozenset()
    return {role: nothing.union(*(part.get(role, nothing) for part in role_maps)) for role in roles}
