"""Tariffs: everybody reads the published ones; officers draft, and publish what another drafted."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message
from app.operations.queries import history
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from procurement.tariffs import queries, service, wording
from procurement.tariffs.forms import DraftForm
from procurement.tariffs.publishing import publishing_faults
from procurement.tariffs.queries import FINGERPRINT, TariffPage
from procurement.tariffs.succession import Succession, priced_later, succession_of

HOME = "/tariffs"
CRUMB = Crumb(N_("补贴标准"), HOME)
MANAGERS = requires(Permission.TARIFF_MANAGE)


@get("/tariffs", guards=[public])
async def tariffs(principal: CurrentPrincipal) -> Response[str]:
    """List the sets, the ones in force first."""
    return await page(
        "procurement/tariffs/list.html",
        rows=await queries.visible_rows(principal),
        tags=wording.TAGS,
        family_names=wording.FAMILY_NAMES,
        fingerprint=FINGERPRINT,
    )


@get("/tariffs/new", guards=[MANAGERS])
async def new() -> Response[str]:
    """Ask for the document of a new set."""
    return await page("procurement/tariffs/new.html", form=Form.empty(DraftForm), crumbs=[CRUMB, Crumb(N_("录入"))])


@post("/tariffs/new", guards=[MANAGERS])
async def draft(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Store a set as a draft; another person publishes it."""
    form = await Form.read(request, DraftForm)
    try:
        if "document" not in form.files:
            raise InvalidInput({"document": Message(N_("请选择标准文件。"))})
        drafted = await service.draft_tariff(principal, await form.files["document"].read())
        address = await queries.fingerprint_of(drafted)
    except DomainError as refusal:
        crumbs = [CRUMB, Crumb(N_("录入"))]
        return await page("procurement/tariffs/new.html", form=form.refused(refusal), crumbs=crumbs)
    return see_other(f"{HOME}/{address}", N_("草稿已保存，由另一个人核对并发布。"))


@get("/tariffs/{fingerprint:str}", guards=[public])
async def show(principal: CurrentPrincipal, fingerprint: FromPath[str]) -> Response[str]:
    """Show a set as a table a person can read."""
    found = await queries.tariff_page(principal, fingerprint)
    manages = principal.can(Permission.TARIFF_MANAGE)
    draft_here = found.row.status == "draft"
    ended = await succession_of(found.id)
    return await page(
        "procurement/tariffs/show.html",
        found=found,
        row=found.row,
        tariff=found.tariff,
        lines=wording.words(found.tariff),
        wording=wording,
        tags=wording.TAGS,
        family_names=wording.FAMILY_NAMES,
        faults=await _faults(found, ended) if draft_here else [],
        ended=ended,
        may_publish=manages and draft_here and found.created_by != principal.account_id,
        manages=manages,
        action_names=wording.ACTION_NAMES,
        history=await history("tariff_set", found.id) if manages else [],
        crumbs=[CRUMB, Crumb(localized(found.row, "label") or found.row.document)],
    )


@post("/tariffs/{fingerprint:str}/publish", guards=[MANAGERS])
async def publish(principal: CurrentPrincipal, fingerprint: FromPath[str]) -> Redirect:
    """Publish a draft that somebody else made."""
    found = await queries.tariff_page(principal, fingerprint)
    ended = await service.publish_tariff(principal, found.id)
    said = N_("标准已发布，从生效日起用于计价，不再修改。")
    if ended:
        said = N_("标准已发布，从生效日起用于计价，不再修改。原来的标准到 %(day)s 为止。")
    return see_other(f"{HOME}/{fingerprint}", said, day=ended.isoformat() if ended else "")


async def _faults(draft: TariffPage, ended: Succession | None) -> list[Message]:
    """Return all that forbids publishing a draft, work that the set in force has priced already included."""
    refusal = await priced_later(ended) if ended else None
    faults = [fault.message for fault in await publishing_faults(draft.tariff, ended)]
    return [*faults, refusal.text()] if refusal else faults
