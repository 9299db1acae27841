"""Looking at the claims that were drawn before many are approved."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath

from app.core.access import Permission
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from procurement.claims.sampling import service

JUDGES = requires(Permission.CLAIM_APPROVE)


class LookForm(msgspec.Struct):
    """Where to go on."""

    back: str = ""


@post("/claims/samples/{sample:uuid}/{reference:str}", guards=[JUDGES])
async def look_at(
    sample: FromPath[UUID], reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Say that one of the drawn claims is in order, and go back to the selection."""
    given = (await Form.read(request, LookForm)).value
    await service.look_at(principal, sample, reference)
    query = given.back.partition("?")[2]
    return see_other(f"/claims/approval?{query}#sample", N_("已看过 %(reference)s。"), reference=reference)
