"""One claim for one unit of work."""

from piccolo.columns import JSONB, UUID, Array, BigInt, Date, Text, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Programme(Table, tablename="programme", db=DB):
    """What a pot of money is for."""

    id = identity()
    code = words(unique=True)
    name_zh = words()
    name_en = words()
    fund = words(default="fiscal")


class Claim(Table, tablename="claim", db=DB):
    """A unit of work with its price, its payee and where it stands."""

    id = identity()
    public_id = UUID(unique=True)
    reference = words(unique=True)
    programme_id = required(Programme)
    status = words()
    sign_up_id = optional("volunteers.assignments.tables.SignUp")
    village_order_id = optional("procurement.deliveries.tables.VillageOrder")
    person_id = optional("volunteers.people.tables.Person")
    organization_id = optional("marketplace.organizations.tables.Organization")
    item = words()
    service_day = Date()
    place_id = required("marketplace.places.tables.Place")
    budget_line_id = required("procurement.budgets.tables.BudgetLine")
    tariff_set_id = optional("procurement.tariffs.tables.TariffSet")
    amount_fen = BigInt()
    trace = JSONB()
    missing_documents = Array(base_column=Text())
    accrued_at = Timestamptz()
    approved_by = optional("app.accounts.tables.Account")
    approved_at = Timestamptz(null=True, default=None)
    reason = words()
    contract_payment_id = optional("procurement.payments.tables.ContractPayment")
    contract_id = optional("procurement.contracts.tables.Contract")
    closed_case_id = optional("procurement.claims.cases.tables.ClosedCase")
    part = words()
    expense_id = optional("procurement.claims.expenses.tables.Expense")
    mediator_post_id = optional("procurement.claims.posts.tables.MediatorPost")
    month = Date(null=True, default=None)
    judged_by = optional("app.accounts.tables.Account")
