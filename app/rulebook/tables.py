"""The table of dated rules of law."""

from piccolo.columns import Boolean, Date, LazyTableReference, Numeric, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB


class LawRule(Table, tablename="law_rule", db=DB):
    """One figure of one article, in force between two dates in one jurisdiction."""

    id = identity()
    rule_key = words()
    document = words()
    article = words()
    value = Numeric()
    unit = words()
    jurisdiction = words()
    effective_from = Date()
    effective_to = Date(null=True, default=None)
    note_zh = words()
    note_en = words()
    text_read = Boolean()
    verified_by = optional(LazyTableReference("Account", app_name="app"))
    verified_at = Timestamptz(null=True, default=None)
    entered_by = optional(LazyTableReference("Account", app_name="app"))


class LawRuleProposal(Table, tablename="law_rule_proposal", db=DB):
    """A figure that one person proposes in a row's place, and what a second person said."""

    id = identity()
    law_rule_id = required(LawRule)
    value = Numeric()
    document = words()
    article = words()
    effective_from = Date()
    note_zh = words()
    note_en = words()
    status = words()
    proposed_by = required(LazyTableReference("Account", app_name="app"))
    proposed_at = Timestamptz()
    decided_by = optional(LazyTableReference("Account", app_name="app"))
    decided_at = Timestamptz(null=True, default=None)
    reason = words()
