"""The steps of the way, for every page's breadcrumb: from the year's money down, and back."""

from app.core.text import N_, Message
from app.web.components import Crumb


def entry(year: int) -> Crumb:
    """Return the way's beginning: a year's money."""
    return Crumb(Message(N_("审计视图 %(year)s"), {"year": year}), f"/oversight?year={year}")


def line(year: int, place_code: str, programme: str, name: str) -> Crumb:
    """Return the step to a budget line."""
    return Crumb(name, f"/oversight/lines/{year}/{place_code}/{programme}")


def purchase(reference: str) -> Crumb:
    """Return the step to a purchase with its contract."""
    return Crumb(reference, f"/oversight/purchases/{reference}")


def unit(reference: str) -> Crumb:
    """Return the step to one unit."""
    return Crumb(reference, f"/oversight/units/{reference}")
