"""What offers add to a person's own pages and to their workbench."""

from collections.abc import Sequence

from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized, span
from app.web.slots import Fill
from volunteers.dispatch.offers import queries
from volunteers.dispatch.offers.controllers import HOME
from volunteers.dispatch.offers.queries import OfferCard


async def open_offers(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.first``: how many answers somebody owes."""
    waiting = [card for card in await queries.own_offers(principal) if card.is_open]
    return Fill("volunteers/dispatch/offers/mine.html", {"waiting": waiting}) if waiting else None


async def offers_to_answer(principal: Principal) -> Sequence[Waiting]:
    """Return what plans ask of a volunteer, for the workbench."""
    if not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return []
    return [_waiting(card) for card in await queries.own_offers(principal) if card.is_open]


def _waiting(card: OfferCard) -> Waiting:
    detail = f"{span(card.starts, card.ends)} {localized(card, 'title')}"
    return Waiting(Tag("need", N_("请答复")), N_("请你去一个班次"), detail, Action(N_("答复"), HOME), card.until)
