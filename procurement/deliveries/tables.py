"""Quotas, village orders and acceptances."""

from piccolo.columns import Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class VillageQuota(Table, tablename="village_quota", db=DB):
    """How many units a village may order in a year; what is used is counted by triggers."""

    id = identity()
    place_id = required("marketplace.places.tables.Place")
    year = Integer()
    quota = Integer()
    used = Integer(default=0)


class VillageOrder(Table, tablename="village_order", db=DB):
    """One unit of a contract, for a village, at a time. The generated column ``live`` stays in the database."""

    id = identity()
    reference = words(unique=True)
    contract_id = required("procurement.contracts.tables.Contract")
    quota_id = required(VillageQuota)
    place_id = required("marketplace.places.tables.Place")
    year = Integer()
    status = words()
    wished_start = Timestamptz()
    minutes = Integer()
    note_zh = words()
    assignment_id = optional("volunteers.assignments.tables.Assignment")
    placed_by = required("app.accounts.tables.Account")
    placed_at = Timestamptz()
    answered_by = optional("app.accounts.tables.Account")
    answered_at = Timestamptz(null=True, default=None)
    reason = words()
    answer_by = Timestamptz(null=True, default=None)
    refusal = words()


class Acceptance(Table, tablename="acceptance", db=DB):
    """What an acceptor found about one order; append-only."""

    id = identity()
    village_order_id = required(VillageOrder)
    verdict = words()
    people_reached = Integer()
    rating = Integer()
    opinion = words()
    acceptor_id = required("app.accounts.tables.Account")
    accepted_at = Timestamptz()
