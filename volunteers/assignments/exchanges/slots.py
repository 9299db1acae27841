"""What exchanges add to the pages of assignments, of the person, of the station and of the workbench."""

from collections.abc import Sequence
from uuid import UUID

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import localized, span
from app.web.slots import Fill
from volunteers.assignments.exchanges import queries
from volunteers.assignments.exchanges.queries import OfferCard, Standing
from volunteers.assignments.exchanges.rules import KIND_NAMES, Kind
from volunteers.assignments.exchanges.tags import OFFER_TAGS
from volunteers.people.queries import own_person_id

FOLDER = "volunteers/assignments/exchanges"


async def on_own_seat(principal: Principal, sign_up: UUID) -> Fill | None:
    """Fill ``assignment_page.own``: find somebody who goes instead, or see whom one asked."""
    if not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return None
    return Fill(f"{FOLDER}/on_own.html", {"sign_up": sign_up, "asking": await queries.open_offer_about(sign_up)})


async def open_offers(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.first``: what one is asked, and what one asks."""
    rows = await queries.my_open_offers(principal)
    return Fill(f"{FOLDER}/mine.html", {"rows": rows, "kind_names": KIND_NAMES}) if rows else None


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.main``: who handed a seat on to whom."""
    if not (principal.can(Permission.ASSIGNMENT_PUBLISH) or principal.can(Permission.ATTENDANCE_CONFIRM)):
        return None
    rows = await queries.history_of(assignment_id)
    words = {"rows": rows, "kind_names": KIND_NAMES, "offer_tags": OFFER_TAGS}
    return Fill(f"{FOLDER}/on_shift.html", words) if rows else None


async def offers_to_answer(principal: Principal) -> Sequence[Waiting]:
    """Return what a volunteer is asked by others, for the workbench."""
    if not principal.can(Permission.ASSIGNMENT_SIGN_UP) or await own_person_id(principal) is None:
        return []
    return [_waiting(row) for row in await queries.my_open_offers(principal) if row.standing is Standing.ASKED]


def _waiting(row: OfferCard) -> Waiting:
    asked = N_("%(name)s 请你替班") if row.kind is Kind.SUBSTITUTION else N_("%(name)s 想和你换班")
    detail = f"{span(row.own.starts, row.own.ends)} {localized(row.own, 'title')}"
    action = Action(N_("答复"), f"/exchanges/{row.public_id}")
    return Waiting(Tag("need", N_("请答复")), Message(asked, {"name": row.own_name}), detail, action, row.expires_at)
