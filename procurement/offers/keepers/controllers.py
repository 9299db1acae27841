"""A keeper's own key: making it, what depends on it, destroying it."""

from typing import Any

from litestar import Request, Response, get, post

from app.core import clock
from app.core.access import Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.offers.engine.keys import SHORTEST
from procurement.offers.forms import KeyForm
from procurement.offers.keepers import queries, service
from procurement.offers.rounds.queries import kept_by
from procurement.reading import BUYERS, reading_scope

HOME = "/my/keeper-key"
KEEPER = requires(*BUYERS)


@get(HOME, guards=[KEEPER])
async def own(principal: CurrentPrincipal) -> Response[str]:
    """Show one's own key and the rounds that need it."""
    return await _own(principal, Form.empty(KeyForm))


@post(HOME, guards=[KEEPER])
async def make(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Make a key."""
    form = await Form.read(request, KeyForm)
    try:
        await service.make_key(principal, form.value.passphrase, form.value.repeated)
    except DomainError as refusal:
        return await _own(principal, form.refused(refusal))
    return see_other(HOME, N_("密钥已生成。口令只有你知道，请记牢。"))


@post("/my/keeper-key/revoke", guards=[KEEPER])
async def revoke(principal: CurrentPrincipal) -> Response[Any]:
    """Destroy the key."""
    await service.revoke_key(principal)
    return see_other(HOME, N_("密钥已作废。"))


async def _own(principal: Principal, form: Form[KeyForm]) -> Response[str]:
    rounds = await kept_by(principal.actor, reading_scope(principal, *BUYERS))
    return await page(
        "procurement/offers/key.html",
        form=form,
        key=await queries.own_key(principal.actor),
        rounds=rounds,
        now=clock.now(),
        shortest=SHORTEST,
    )
