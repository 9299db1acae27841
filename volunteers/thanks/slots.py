"""Where ratings are asked for, and where those who worked read them."""

from app.core.access import Permission, Principal
from app.core.settings import settings
from app.web import qr
from app.web.slots import Fill
from volunteers.people.queries import own_person_id
from volunteers.thanks import queries
from volunteers.thanks.rules import STAR_NAMES

FOLDER = "volunteers/thanks"


def address_of(code: str) -> str:
    """Return the address that the picture holds and people may type."""
    return f"{settings().public_url}/t/{code}"


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.aside``: the picture for the station's screen, and what was said so far."""
    shift = await queries.of_assignment(assignment_id)
    if shift is None or not shift.worked or not principal.can(Permission.ATTENDANCE_CONFIRM):
        return None
    return Fill(
        f"{FOLDER}/on_shift.html",
        {**_asked(shift), "figures": await queries.shift_figures(assignment_id)},
    )


async def on_day(principal: Principal, sign_up_id: int) -> Fill | None:
    """Fill ``day_page.aside``: the same picture on the phone of who works."""
    shift = await queries.of_own_sign_up(principal, sign_up_id)
    return Fill(f"{FOLDER}/on_day.html", _asked(shift)) if shift and shift.worked else None


async def on_done(principal: Principal, sign_up_id: int) -> Fill | None:
    """Fill ``shift_done.main``: the average and the words."""
    shift = await queries.of_own_sign_up(principal, sign_up_id)
    if shift is None:
        return None
    figures, thanks = await queries.shift_figures(shift.id), await queries.shift_thanks(shift.id)
    return Fill(f"{FOLDER}/on_done.html", {**_asked(shift), "figures": figures, "thanks": thanks, "names": STAR_NAMES})


async def in_hours(principal: Principal) -> Fill | None:
    """Fill ``my_hours.main``: the latest thanks for all one did."""
    if await own_person_id(principal) is None:
        return None
    figures = await queries.my_figures(principal)
    if not figures.count:
        return None
    context = {"figures": figures, "thanks": await queries.my_thanks(principal), "names": STAR_NAMES}
    return Fill(f"{FOLDER}/in_hours.html", context)


async def at_place(_principal: Principal, place_code: str) -> Fill | None:
    """Fill ``place.aside``: the figure for everybody, once enough people have spoken."""
    figures = await queries.public_figures(place_code)
    return Fill(f"{FOLDER}/at_place.html", {"figures": figures}) if figures else None


async def at_station(principal: Principal, *_day: object) -> Fill | None:
    """Fill ``station.aside``: the way to what residents said."""
    return Fill(f"{FOLDER}/at_station.html") if principal.can(Permission.ATTENDANCE_CONFIRM) else None


def _asked(shift: queries.RatedShift) -> dict[str, object]:
    address = address_of(shift.code)
    return {"shift": shift, "address": address, "picture": qr.svg(address)}
