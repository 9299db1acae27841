"""What this package adds to the program; the composition roots only add these lists up."""

import click
from litestar.types import ControllerRouterHandler

from app.accounts.belonging import register_directory
from app.core.access import Permission, Role, RoleMap
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from marketplace import law
from marketplace.flagships import routes as flagships
from marketplace.home import controllers as home
from marketplace.organizations import api as organizations_api
from marketplace.organizations import controllers as organizations
from marketplace.organizations.directory import MarketplaceDirectory
from marketplace.organizations.incubation import routes as incubation
from marketplace.organizations.interests import routes as interests
from marketplace.organizations.matrix import law as matrix_law
from marketplace.organizations.matrix import routes as matrix
from marketplace.organizations.members import routes as members
from marketplace.organizations.own import api as own_api
from marketplace.organizations.own import controllers as own
from marketplace.organizations.qualifications import routes as papers
from marketplace.organizations.qualifications.files import register_paper_files
from marketplace.organizations.verification import controllers as verification
from marketplace.organizations.workbench import own_refusals, waiting_organizations
from marketplace.places import api as places_api
from marketplace.places import controllers as places
from marketplace.places.service import import_places
from marketplace.products import api as products_api
from marketplace.products import controllers as products
from marketplace.products import finding
from marketplace.products.capacity import routes as capacity
from marketplace.products.catalogue import controllers as catalogue
from marketplace.products.checking import negative_list
from marketplace.products.checking import routes as checking
from marketplace.products.editions import routes as editions
from marketplace.products.jobs import suspend_listings_without_licence
from marketplace.products.review import api as review_api
from marketplace.products.review import controllers as review
from marketplace.products.templates import routes as templates
from marketplace.products.workbench import sent_back, unstated, waiting_reviews
from marketplace.wishes import routes as wishes
from marketplace.words import give_words


def _may(permission: Permission) -> frozenset[Permission]:
    return frozenset({permission})


def register_names() -> None:
    """Tell accounts what organizations and places are called."""
    register_directory(MarketplaceDirectory())


ROLE_PERMISSIONS: RoleMap = {
    Role.PROVIDER: frozenset({Permission.ORGANIZATION_MANAGE, Permission.PRODUCT_WRITE}),
    Role.COORDINATOR: frozenset({Permission.ORGANIZATION_MANAGE, Permission.PLACE_MANAGE}),
    Role.CATALOGUE_REVIEWER: frozenset({Permission.ORGANIZATION_VERIFY, Permission.PRODUCT_REVIEW}),
}
ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(home.home),
    html(catalogue.catalogue, catalogue.product),
    html(places.places, places.place),
    *matrix.ROUTE_HANDLERS,
    *papers.ROUTE_HANDLERS,
    *members.ROUTE_HANDLERS,
    *interests.ROUTE_HANDLERS,
    html(organizations.organizations, organizations.organization),
    html(
        *(own.mine, own.application_form, own.apply, own.own, own.state_paper, own.profile_form, own.edit_profile),
        *(own.reapplication_form, own.reapply),
    ),
    html(verification.waiting, verification.examine, verification.decide_papers, verification.decide),
    html(
        *(products.mine, products.submit, products.new, products.create, products.own),
        *(products.edit_form, products.edit, products.withdraw),
    ),
    *checking.ROUTE_HANDLERS,
    *templates.ROUTE_HANDLERS,
    html(review.show_desk, review.begin, review.decide_many, review.examine, review.decide),
    api("places", places_api.list_places, places_api.show_place),
    api(
        "organizations",
        *(organizations_api.list_organizations, organizations_api.show_organization, organizations_api.apply),
        *(organizations_api.decide, organizations_api.list_own, organizations_api.list_waiting),
        *(own_api.show_own, own_api.edit_profile, own_api.reapply),
    ),
    api(
        "products",
        *(products_api.list_products, products_api.show_product, products_api.create_product),
        *(products_api.show_own_product, products_api.edit_product, products_api.submit_product),
        *(review_api.begin_review, review_api.decide_product, products_api.list_own_products),
        *(products_api.withdraw_product, review_api.list_waiting, review_api.list_faults),
    ),
    *incubation.ROUTE_HANDLERS,
    *editions.ROUTE_HANDLERS,
    *flagships.ROUTE_HANDLERS,
    *finding.ROUTE_HANDLERS,
    *capacity.ROUTE_HANDLERS,
    *wishes.ROUTE_HANDLERS,
]
JOBS: list[Job] = [
    Job("marketplace.suspend_unqualified", suspend_listings_without_licence, "20 1 * * *"),
    *papers.JOBS,
    *finding.JOBS,
    *wishes.JOBS,
]
RULES = (*law.SEEDS, *matrix_law.SEEDS, *negative_list.seeds())
HOOKS = [register_names, give_words, register_paper_files, finding.forget_searches_with_accounts]
COMMANDS: list[click.Command] = []
SLOTS: list[Slot] = [*incubation.SLOTS, *finding.SLOTS]
NAV: list[NavItem] = [
    NavItem(N_("找服务"), "/products", order=10, icon="search"),
    NavItem(N_("服务机构"), "/organizations", order=20, icon="building"),
    NavItem(N_("地区"), "/places", order=30, icon="geo-alt"),
    NavItem(N_("我的服务产品"), "/my/products", _may(Permission.PRODUCT_WRITE), "work", 10, icon="card-list"),
    NavItem(N_("我的单位"), "/my/organizations", _may(Permission.PRODUCT_WRITE), "work", 20, icon="building"),
    NavItem(N_("产品审查"), "/review/products", _may(Permission.PRODUCT_REVIEW), "work", 30, icon="clipboard2-check"),
    NavItem(
        N_("单位核验"), "/review/organizations", _may(Permission.ORGANIZATION_VERIFY), "work", 40, icon="patch-check"
    ),
    NavItem(N_("登记服务机构"), "/my/organizations/apply", group="footer"),
    *incubation.NAV,
    *editions.NAV,
    *flagships.NAV,
    *matrix.NAV,
    *interests.NAV,
    *finding.NAV,
    *wishes.NAV,
]
WAITING: list[WaitingSource] = [
    *(waiting_reviews, sent_back, unstated, waiting_organizations, own_refusals),
    *incubation.WAITING,
    *papers.WAITING,
]
SEEDS = [import_places]
