"""The demonstration's town on the served site, made once for all modules that look at it."""

from functools import cache

from tests.browser.conftest import Site
from tests.volunteers.dispatch.stage import Planned, week_to_come


@cache
def planned_on(site: Site) -> Planned:
    """Return the week that is published and planned on the site."""
    return site.run(week_to_come)
