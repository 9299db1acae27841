"""Everything of claims that the paying side adds to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api, html
from procurement.claims import api as claims_api
from procurement.claims import controllers as claims
from procurement.claims.cases import api as cases_api
from procurement.claims.cases import controllers as cases
from procurement.claims.desk import api as desk_api
from procurement.claims.desk import controllers as desk
from procurement.claims.disputes import api as disputes_api
from procurement.claims.disputes import controllers as disputes
from procurement.claims.doubles import api as doubles_api
from procurement.claims.doubles import controllers as doubles
from procurement.claims.expenses import api as expenses_api
from procurement.claims.expenses import controllers as expenses
from procurement.claims.own import api as own_api
from procurement.claims.own import controllers as own
from procurement.claims.payees import api as payees_api
from procurement.claims.payees import controllers as payees
from procurement.claims.posts import api as posts_api
from procurement.claims.posts import controllers as posts
from procurement.claims.sampling import api as sampling_api
from procurement.claims.sampling import controllers as sampling

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        desk.desk, desk.approval, desk.approve, desk.send_back, desk.reject, claims.show, claims.resubmit, own.mine,
        own.of_organization, cases.cases, cases.new, cases.record, cases.show, cases.hand_in, cases.grade,
        cases.withdraw, doubles.pairs, doubles.decide, disputes.raise_dispute, disputes.answer, sampling.look_at,
        expenses.new, expenses.hand_in, posts.posts, posts.record, posts.end, payees.payees, payees.clear,
        payees.withdraw,
    ),
    api(
        "claims",
        claims_api.list_claims, claims_api.show_claim, claims_api.approve_claims, claims_api.return_claim,
        claims_api.reject_claim, desk_api.show_totals, desk_api.show_effects, own_api.list_own,
        own_api.list_of_organizations, own_api.resubmit, doubles_api.list_doubles, doubles_api.decide_double,
        disputes_api.raise_dispute, disputes_api.answer_dispute, expenses_api.list_expenses,
        expenses_api.hand_in_expense, posts_api.list_posts, posts_api.record_post, posts_api.end_post,
        sampling_api.list_samples, sampling_api.draw_sample, sampling_api.look_at_claim, payees_api.list_payees,
        payees_api.clear_payees, payees_api.take_approvals_back,
    ),
    api(
        "cases",
        cases_api.list_cases, cases_api.show_case, cases_api.record_case, cases_api.hand_in_document,
        cases_api.grade_case, cases_api.withdraw_case,
    ),
]  # fmt: skip
