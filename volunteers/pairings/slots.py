"""What pairings add to the page of a village, to one's own pages, and to the workbench."""

from collections.abc import Sequence

from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Waiting
from app.web.filters import localized
from app.web.slots import Fill
from marketplace.places.rules import Level, level_of
from volunteers.pairings import queries, views
from volunteers.pairings.rules import PairingStatus
from volunteers.pairings.tags import RENEWAL_TAG, STATUS_TAGS, WORDS

FOLDER = "volunteers/pairings"


async def at_village(_principal: Principal, place_code: str) -> Fill | None:
    """Fill ``place.assignments`` of a village: its lawyer before all else."""
    if level_of(place_code) is not Level.VILLAGE:
        return None
    pairings = await views.of_village(place_code)
    return Fill(f"{FOLDER}/at_village.html", {"pairings": pairings, "place_code": place_code, **WORDS})


async def own(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.main``: the villages that one comes to, and what one is asked."""
    rows = [row for row in await views.mine(principal) if row.status is not PairingStatus.ENDED]
    return Fill(f"{FOLDER}/own.html", {"rows": rows, **WORDS}) if rows else None


async def pairings_to_answer(principal: Principal) -> Sequence[Waiting]:
    """Return the villages that ask for one, for the workbench."""
    if not principal.can(Permission.VOLUNTEER_SELF) and not principal.can(Permission.ORGANIZATION_SCHEDULE):
        return []
    return [
        Waiting(
            STATUS_TAGS[PairingStatus.PROPOSED],
            Message(N_("%(place)s请你结对"), {"place": localized(row, "place")}),
            N_("同意后，村社页上会写你的名字和会说的话。"),
            Action(N_("去答复"), "/my/pairings"),
            row.proposed_at,
        )
        for row in await views.mine(principal)
        if row.status is PairingStatus.PROPOSED
    ]


async def renewals(principal: Principal) -> Sequence[Waiting]:
    """Return how many pairings end soon, for the workbench."""
    if not principal.can(Permission.DISPATCH_PLAN):
        return []
    count = await queries.renewals_due(principal)
    if not count:
        return []
    title = Message(N_("%(count)s 个结对 60 天内到期"), {"count": count})
    return [Waiting(RENEWAL_TAG, title, N_("还没有续上的，请和对方说好下一期。"), Action(N_("去看"), "/pairings"))]
