"""Incubations, their milestones, and what mentors log."""

from piccolo.columns import UUID, Date, Integer, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class Incubation(Table, tablename="incubation", db=DB):
    """An organization on its way from application to graduation."""

    id = identity()
    public_id = UUID(unique=True)
    organization_id = required("marketplace.organizations.tables.Organization")
    status = words()
    aim_zh = words()
    mentor_id = optional("app.accounts.tables.Account")
    applied_by = required("app.accounts.tables.Account")
    applied_at = Timestamptz()
    decided_by = optional("app.accounts.tables.Account")
    decided_at = Timestamptz(null=True, default=None)
    reason = words()


class IncubationMilestone(Table, tablename="incubation_milestone", db=DB):
    """What was reached, by which evidence, confirmed by a second person."""

    id = identity()
    incubation_id = required(Incubation)
    stage = words()
    code = words()
    evidence_zh = words()
    stated_by = required("app.accounts.tables.Account")
    stated_at = Timestamptz()
    confirmed_by = optional("app.accounts.tables.Account")
    confirmed_at = Timestamptz(null=True, default=None)


class MentoringSession(Table, tablename="mentoring_session", db=DB):
    """One meeting of mentor and organization."""

    id = identity()
    incubation_id = required(Incubation)
    held_on = Date()
    minutes = Integer()
    topic_zh = words()
    next_zh = words()
    mentor_id = required("app.accounts.tables.Account")
    logged_at = Timestamptz()
