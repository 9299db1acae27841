"""What finding a service adds to the program: near, map, suggestions, saved searches, service lists, the index."""

from litestar.types import ControllerRouterHandler

from app.accounts.privacy import register_erasure_step
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.slots import Slot
from marketplace.products.listings.jobs import index_listings_again
from marketplace.products.near import controllers as near
from marketplace.products.saved import api as saved_api
from marketplace.products.saved import controllers as saved
from marketplace.products.saved.jobs import tell_of_new_listings
from marketplace.products.saved.service import erase_searches
from marketplace.products.service_list import controllers as service_list
from marketplace.products.suggestions.controllers import suggest

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(suggest, near.near, near.locate, near.on_the_map, service_list.services),
    html(saved.searches, saved.search_form, saved.keep, saved.forget),
    api("saved-searches", saved_api.list_searches, saved_api.create_search, saved_api.delete_search),
]
JOBS: list[Job] = [
    Job("marketplace.index_listings", index_listings_again, 300),
    Job("marketplace.tell_of_new_listings", tell_of_new_listings, "30 8 * * *"),
]
SLOTS: list[Slot] = [("place.aside", service_list.services_of_place)]
NAV: list[NavItem] = [NavItem(N_("存下的搜索"), "/my/searches", group="work", order=15, icon="bookmark")]


def forget_searches_with_accounts() -> None:
    """Tell accounts what to delete here when one is erased."""
    register_erasure_step(erase_searches)
