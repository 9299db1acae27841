"""Judgements with their lines, both append-only, and deliveries that are being put right."""

from piccolo.columns import Boolean, Bytea, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Judgement(Table, tablename="judgement", db=DB):
    """One look at one delivery, signed by the acceptor with the hash of all that it says."""

    id = identity()
    village_order_id = required("procurement.deliveries.tables.VillageOrder")
    round = Integer()
    verdict = words()
    people_reached = Integer()
    rating = Integer()
    opinion = words()
    opinions = Integer()
    judged_by = required("app.accounts.tables.Account")
    judged_at = Timestamptz()
    sha256 = Bytea()


class LineJudgement(Table, tablename="line_judgement", db=DB):
    """Whether one line of the requirement was met."""

    id = identity()
    judgement_id = required(Judgement)
    requirement_line_id = required("procurement.contracts.requirements.tables.RequirementLine")
    met = Boolean()
    words = words()


class Rectification(Table, tablename="rectification", db=DB):
    """A delivery sent back to be put right until a day."""

    id = identity()
    judgement_id = required(Judgement)
    village_order_id = required("procurement.deliveries.tables.VillageOrder")
    status = words()
    due_on = Date()
    report_zh = words()
    reported_by = optional("app.accounts.tables.Account")
    reported_at = Timestamptz(null=True, default=None)
