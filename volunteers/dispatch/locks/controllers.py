"""Locking a person or a shift for the next plan, and unlocking."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from volunteers.dispatch.locks import service
from volunteers.dispatch.locks.forms import LockForm
from volunteers.dispatch.locks.rules import NothingToLock

PLANNER = requires(Permission.DISPATCH_PLAN)


@post("/dispatch/{run:uuid}/locks", guards=[PLANNER])
async def lock(request: Request[Any, Any, Any], run: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Lock a person or a shift; the next plan of the week keeps it."""
    asked = (await Form.read(request, LockForm)).value
    await lock_as_said(principal, run, asked)
    return see_other(f"/dispatch/{run}#locks", N_("已锁定，下次排这一周时不动。"))


@post("/dispatch/{run:uuid}/locks/{public_id:uuid}/removal", guards=[PLANNER])
async def unlock(run: FromPath[UUID], public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Leave the person or the shift to the next plan again."""
    await service.unlock(principal, public_id)
    return see_other(f"/dispatch/{run}#locks", N_("已解锁。"))


async def lock_as_said(principal: Principal, run: UUID, asked: LockForm) -> UUID:
    """Lock what was asked for; return the lock's public id."""
    if asked.person is not None:
        return await service.lock_person(principal, run, asked.person, asked.reason)
    if asked.shift:
        return await service.lock_shift(principal, run, asked.shift, asked.reason)
    raise NothingToLock
