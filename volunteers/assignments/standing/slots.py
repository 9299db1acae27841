"""What coming every week adds to the pages of shifts, of the person, of patterns and of the workbench."""

from collections.abc import Sequence

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.web.components import Action, Tag, Waiting
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.slots import Fill
from volunteers.assignments.patterns.queries import Pattern
from volunteers.assignments.patterns.rules import PatternStatus
from volunteers.assignments.standing import queries
from volunteers.assignments.standing.forms import ProposeForm
from volunteers.assignments.standing.rules import STATUS_NAMES, USUAL_TERM, StandingStatus

FOLDER = "volunteers/assignments/standing"


async def on_position(principal: Principal, position_id: int) -> Fill | None:
    """Fill ``assignment_page.position``: come every week."""
    if not principal.signed_in or not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return None
    found = await queries.on_position(principal, position_id)
    if found is None or not (found.own or found.open_to):
        return None
    return Fill(f"{FOLDER}/on_position.html", {"found": found, "weekdays": WEEKDAYS})


async def own(principal: Principal, *_ids: int) -> Fill | None:
    """Fill ``my_assignments.main``: what one has agreed to each week."""
    rows = await queries.my_standing(principal)
    words = {"rows": rows, "weekdays": WEEKDAYS, "status_names": STATUS_NAMES}
    return Fill(f"{FOLDER}/own.html", words) if rows else None


async def on_pattern(principal: Principal, pattern: Pattern) -> Fill | None:
    """Fill ``pattern_page.main``: who comes every week, in their order, and the invitation to one more."""
    if not principal.can(Permission.ASSIGNMENT_PUBLISH):
        return None
    stated = pattern.stated
    roles = [(number, localized(seat, "role")) for number, seat in enumerate(stated.positions, start=1)]
    words = {
        "rows": await queries.in_turn(pattern.id),
        "pattern": pattern,
        "roles": roles,
        "days": [(day, WEEKDAYS[day]) for day in stated.weekdays],
        "form": Form.empty(ProposeForm, valid_until=clock.today() + USUAL_TERM),
        "weekdays": WEEKDAYS,
        "status_names": STATUS_NAMES,
        "invites": pattern.status is not PatternStatus.ENDED,
    }
    return Fill(f"{FOLDER}/on_pattern.html", words)


async def invitations(principal: Principal) -> Sequence[Waiting]:
    """Return the stations' questions whether one would come every week, for the workbench."""
    if not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return []
    return [
        Waiting(
            Tag("need", N_("请答复")),
            Message(N_("站点请你每%(weekday)s都来"), {"weekday": Message(WEEKDAYS[row.weekday])}),
            f"{localized(row, 'title')} · {localized(row, 'station')}",
            Action(N_("答复"), "/my/standing"),
        )
        for row in await queries.my_standing(principal)
        if row.status is StandingStatus.PROPOSED
    ]
