"""Acceptance: what was delivered and waits, one delivery judged line by line, its certificate, the public results."""

import re
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from procurement.contracts.requirements.rules import KIND_NAMES
from procurement.contracts.requirements.service import lines_of_order
from procurement.deliveries import queries
from procurement.deliveries.acceptances import queries as judgements
from procurement.deliveries.acceptances.rules import AcceptorInvolved, Outcome, due_note
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.acceptances.tags import OUTCOME_TAGS, RECTIFICATION_TAGS
from procurement.deliveries.controllers import NAMES, PARTY
from procurement.deliveries.forms import FindingForm
from procurement.deliveries.opinions import queries as opinions
from procurement.deliveries.opinions.rules import Opinions
from procurement.deliveries.proofs import queries as proofs
from procurement.deliveries.proofs.rules import KIND_NAMES as PROOF_NAMES
from procurement.deliveries.proofs.rules import proof_blocks
from procurement.deliveries.rules import OrderStatus

ACCEPTOR = requires(Permission.DELIVERY_ACCEPT)
WORDS = re.compile(r"words-(\d{1,3})$")
LONGEST_WORDS = 500


@get("/buying/acceptance", guards=[ACCEPTOR])
async def waiting(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the delivered orders that wait, each with its last day and what is missing."""
    rows = await queries.to_accept(principal.scope(Permission.DELIVERY_ACCEPT), decode_cursor(cursor, int))
    ids = [row.id for row in rows]
    return await page(
        "procurement/deliveries/acceptance.html",
        part=sliced(rows, key=lambda row: row.id),
        due=dict(zip(ids, await judgements.due_days([row.wished_start for row in rows]), strict=True)),
        needs=await proofs.needs_of(ids),
        rectifications=await judgements.open_rectifications(ids),
        proof_names=PROOF_NAMES,
        rectification_tags=RECTIFICATION_TAGS,
        me=principal.account_id,
        **NAMES,
    )


@get("/orders/{reference:str}/acceptance", guards=[ACCEPTOR])
async def desk(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one delivery with its proofs, its opinions and the lines to judge."""
    return await _desk(principal, reference, None, {})


@post("/orders/{reference:str}/accept", guards=[ACCEPTOR])
async def accept(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Accept one delivered order, refuse it, or send it back to be put right."""
    form = await Form.read(request, FindingForm)
    words = _words(await request.form())
    found = await queries.order(principal, reference)
    try:
        asked = form.value
        numbers = [line.number for line in await lines_of_order(found.id)]
        counts = await accept_deliveries(principal, [Verdict(found.id, asked.finding(numbers, words))])
    except DomainError as refusal:
        return await _desk(principal, reference, form.refused(refusal), words)
    return see_other("/buying/acceptance", SAID[Outcome(next(iter(counts)))])


@get("/orders/{reference:str}/certificate", guards=[PARTY])
async def certificate(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what was judged, line by line, and who signed it; it can be printed."""
    found = await queries.order(principal, reference)
    return await page(
        "procurement/deliveries/certificate.html",
        order=found,
        rounds=await judgements.rounds_of(found.id),
        kind_names=KIND_NAMES,
        outcome_tags=OUTCOME_TAGS,
        rectification_tags=RECTIFICATION_TAGS,
        crumbs=[Crumb(N_("订单"), f"/orders/{reference}"), Crumb(N_("验收书"))],
        **NAMES,
    )


SAID = {
    Outcome.ACCEPTED: N_("已验收，可以结算。"),
    Outcome.REFUSED: N_("已记为不合格，不予付款。"),
    Outcome.RECTIFY: N_("已退回整改，服务机构会收到通知。"),
}


def _words(sent: Any) -> Mapping[int, str]:
    """Return what was typed beside each line, by the line's number."""
    found = {}
    for name, value in sent.multi_items():
        matched = WORDS.match(name)
        if matched and isinstance(value, str):
            found[int(matched[1])] = value.replace("\x00", "").strip()[:LONGEST_WORDS]
    return found


async def _desk(
    principal: Principal, reference: str, form: Form[FindingForm] | None, words: Mapping[int, str]
) -> Response[str]:
    found = await queries.order(principal, reference)
    brought = await proofs.proofs(principal, reference)
    rounds = await judgements.rounds_of(found.id)
    times = await judgements.clock_of(found.wished_start)
    count, stars, latest_words = await opinions.of_order(found.id)
    people = brought.log.people if brought.log else None
    return await page(
        "procurement/deliveries/judge.html",
        status=form.status if form else None,
        form=form or Form.empty(FindingForm, rating=5, people_reached=people, rectify_by=times.latest_rectification),
        words=words,
        order=found,
        open=found.status is OrderStatus.DELIVERED,
        involved=[AcceptorInvolved.block(reference=reference)] if principal.account_id in found.involved else [],
        lines=await lines_of_order(found.id),
        proofs=brought,
        missing=proof_blocks(brought.needs),
        waiting=judgements.blocks_of(rounds),
        rounds=rounds,
        opinions=Opinions(count, stars, times.opinions),
        latest_words=latest_words,
        due=times.due,
        due_words=due_note(times.due, clock.today(), times.period),
        kind_names=KIND_NAMES,
        proof_names=PROOF_NAMES,
        outcome_tags=OUTCOME_TAGS,
        rectification_tags=RECTIFICATION_TAGS,
        crumbs=[Crumb(N_("验收"), "/buying/acceptance"), Crumb(found.reference)],
        **NAMES,
    )
