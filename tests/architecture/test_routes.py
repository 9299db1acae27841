"""Every route names its guard, and every role meets it: what the guard refuses is refused, nothing breaks."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.composition import compose, role_map
from app.core import database
from app.core.access import ANONYMOUS, Grant, Permission, Principal, Role, scopes_of
from app.web.guards import Access, access_of
from tests.app.web.client import client, whole_application

PUBLIC_PATHS = (
    "/static", "/healthz", "/readyz", "/policy-reports", "/_components", "/favicon.ico", "/demo/outbox",
)  # fmt: skip
SOMEBODY = 999_999_999
UNKNOWN = {
    "int": "999999999", "uuid": "00000000-0000-4000-8000-000000000000", "str": "unknown", "path": "unknown",
    "date": "2000-01-01",
}  # fmt: skip


def handlers(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Yield (method, path, handler) of every route of ours."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", ()):
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                yield method, route.path, handler


def concrete(path: str) -> str:
    """Fill a path's places with values that exist nowhere."""
    return re.sub(r"\{[^}:]+:([a-z]+)\}", lambda place: UNKNOWN[place.group(1)], path)


def principal_of(role: Role) -> Principal:
    """Return somebody with just this role, in the whole city."""
    grant = Grant(role, place_code="3301", organization_id=999_999_999)
    return Principal(SOMEBODY, name="T", kind="session", grants=(grant,), scopes=scopes_of([grant], role_map()))


def allowed(access: Access, person: Principal) -> bool:
    """Tell what the guard should say."""
    if access.public:
        return True
    if not access.permissions:
        return person.signed_in
    return any(person.can(permission) for permission in access.permissions)


def test_every_route_names_a_guard_or_is_on_the_public_list() -> None:
    bare = [
        f"{method} {path}"
        for method, path, handler in handlers(whole_application())
        if access_of(handler) is None and not path.startswith(PUBLIC_PATHS)
    ]
    assert bare == []


def test_every_permission_is_held_by_some_role_and_every_role_holds_some() -> None:
    compose()
    held = {permission for permissions in role_map().values() for permission in permissions}
    assert set(Permission) - held == set()
    assert set(role_map()) == set(Role)


async def _someone_with_an_account() -> None:
    """What takes no more than a click leaves an audit event, which names who clicked."""
    await database.execute(
        """WITH key AS (INSERT INTO subject_key (master_key_id, sealed_key) VALUES ('x', 'x') RETURNING id)
           INSERT INTO account (id, display_name, subject_key_id, created_at) OVERRIDING SYSTEM VALUE
           SELECT $1, 'T', id, now() FROM key""",
        SOMEBODY,
    )


@pytest.mark.parametrize("role", [None, *Role])
async def test_a_role_is_let_in_just_where_it_may(db: None, role: Role | None) -> None:
    person = principal_of(role) if role else ANONYMOUS
    wrong: list[str] = []
    await _someone_with_an_account()
    async with client(person) as http:
        for method, path, handler in handlers(whole_application()):
            access = access_of(handler)
            if access is None or path.startswith(PUBLIC_PATHS):
                continue
            answer = await http.request(method, concrete(path))
            refused = answer.status_code in (401, 403) or (
                not person.signed_in and answer.status_code == 303 and "sign-in" in answer.headers.get("location", "")
            )
            if answer.status_code >= 500 or (not allowed(access, person) and not refused):
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert wrong == []
